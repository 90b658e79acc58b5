/**
 * Walks and translations: loops over a list of accesses.
 *
 * @module
 */
import { explain, type Machine, RIGHT_D } from "../../../core/mmu/mod.ts";
import { Walker } from "../../../core/mmu/walk.ts";
import { permissionTable } from "../../../core/mmu/permissions.ts";
import { type Job, timed } from "./job.ts";
import {
  ACCESSES,
  HIT_PAGES,
  LARGE_4LEVEL,
  type Layout,
  LOWMEM_4LEVEL,
  LOWMEM_PAE,
  machineOf,
  scattered,
  sequential,
} from "./layout.ts";

type Pass = () => number;

/** Accesses that the explaining walker makes in a pass: it is slow. */
const EXPLAINED = 2 ** 13;

/** A walk with the permission check behind it, no TLB. */
function walks(machine: Machine, accesses: Int32Array): Pass {
  const { mode, cpu, cr3, cr4, efer, memory, pdptes } = machine;
  if (mode === undefined) throw new TypeError("Expected a machine that is paging");
  const walker = new Walker({ mode, cpu, cr4, efer });
  const allowed = permissionTable(machine);
  const slot = mode.rootInRegisters ? pdptes.subarray(6) : Int32Array.of(cr3, 0);
  return () => {
    const [rootLo = 0, rootHi = 0] = slot;
    let sum = 0;
    for (let i = 0; i < accesses.length; i += 2) {
      const lo = accesses[i] ?? 0;
      if (!walker.walk(memory, rootHi, rootLo, accesses[i + 1] ?? 0, lo)) throw new Error("a walk was not answered");
      const permitted = ((allowed[walker.rights | RIGHT_D] ?? 0) >>> (lo & 1)) & 1;
      sum = (sum + (permitted !== 0 ? walker.frame() : -4)) | 0; // -1 minus the error code of a write to a read-only page
    }
    return sum;
  };
}

/** The same by the walker that explains itself. */
function explanations(machine: Machine, accesses: Int32Array): Pass {
  return () => {
    let sum = 0;
    for (let i = 0; i < accesses.length; i += 2) {
      const lo = accesses[i] ?? 0;
      const { outcome } = explain(machine, { hi: 0, lo: lo >>> 0 }, (lo & 1) === 0 ? "read" : "write");
      sum = (sum + (outcome.ok ? outcome.frame : -1 - outcome.fault.errorCode)) | 0;
    }
    return sum;
  };
}

function translations(machine: Machine, accesses: Int32Array): Pass {
  return () => {
    let sum = 0;
    for (let i = 0; i < accesses.length; i += 2) {
      const lo = accesses[i] ?? 0;
      sum = (sum + machine.translate(accesses[i + 1] ?? 0, lo, lo & 1)) | 0;
    }
    return sum;
  };
}

function walk(id: string, layout: Layout, order: typeof sequential): Job {
  return { id, passes: 8, operations: ACCESSES, prepare: timed(() => walks(machineOf(layout), order(layout))) };
}

function translate(id: string, passes: number, order: () => Int32Array): Job {
  return { id, passes, operations: ACCESSES, prepare: timed(() => translations(machineOf(LOWMEM_PAE), order())) };
}

/** Walks of a PAE machine, page after page. */
export const PAE_SEQUENTIAL: Job = walk("walk-pae-sequential", LOWMEM_PAE, sequential);
/** Walks of a PAE machine all over lowmem. */
export const PAE_RANDOM: Job = walk("walk-pae-random", LOWMEM_PAE, scattered);
/** The same through four levels. */
export const FOUR_LEVEL_4K: Job = walk("walk-4level-4k-random", LOWMEM_4LEVEL, scattered);
/** Walks all over 64 GiB of 2M pages. */
export const FOUR_LEVEL_2M: Job = walk("walk-4level-2m-random", LARGE_4LEVEL, scattered);
/** Translations that the TLB knows. */
export const HIT: Job = translate("tlb-hit", 32, () => scattered(LOWMEM_PAE, HIT_PAGES));
/** Translations that the TLB does not know, page after page. */
export const MISS_SEQUENTIAL: Job = translate("tlb-miss-sequential", 8, () => sequential(LOWMEM_PAE));
/** Translations that the TLB seldom knows, all over lowmem. */
export const MISS_RANDOM: Job = translate("tlb-miss-random", 8, () => scattered(LOWMEM_PAE));
/** Walks all over lowmem that say how they went. Not done in C. */
export const EXPLAINED_RANDOM: Job = {
  id: "explain-pae-random",
  passes: 1,
  operations: EXPLAINED,
  prepare: timed(() => explanations(machineOf(LOWMEM_PAE), scattered(LOWMEM_PAE).subarray(0, 2 * EXPLAINED))),
};
