/**
 * Walks and translations: loops over a list of accesses.
 *
 * @module
 */
import { type Machine, permissionTable, RIGHT_D, Walker } from "../../core/mmu/mod.ts";
import type { Job } from "./job.ts";
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

function job(id: string, name: string, target: number, passes: number, pass: () => Pass): Job {
  const prepare = () => {
    const one = pass();
    return (passes: number) => {
      const begun = performance.now();
      let checksum = 0;
      for (let i = 0; i < passes; i++) checksum = (checksum + one()) >>> 0;
      return { nanoseconds: (performance.now() - begun) * 1e6, checksum };
    };
  };
  return { id, name, target, passes, operations: ACCESSES, prepare };
}

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
      if (!walker.walk(memory, rootLo, rootHi, accesses[i + 1] ?? 0, lo)) throw new Error("a walk was not answered");
      const permitted = ((allowed[walker.rights | RIGHT_D] ?? 0) >>> (lo & 1)) & 1;
      sum = (sum + (permitted !== 0 ? walker.frame() : -4)) | 0; // -1 minus the error code of a write to a read-only page
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

function walk(id: string, name: string, target: number, layout: Layout, order: typeof sequential): Job {
  return job(id, name, target, 8, () => walks(machineOf(layout), order(layout)));
}

function translate(id: string, name: string, target: number, order: () => Int32Array): Job {
  return job(id, name, target, 8, () => translations(machineOf(LOWMEM_PAE), order()));
}

/** The jobs. */
export const ACCESS_JOBS: readonly Job[] = [
  walk("walk-pae-sequential", "walk, PAE, page after page", 2.5, LOWMEM_PAE, sequential),
  walk("walk-pae-random", "walk, PAE, random", 2.2, LOWMEM_PAE, scattered),
  walk("walk-4level-4k-random", "walk, 4-level, 4K pages, random", 3, LOWMEM_4LEVEL, scattered),
  walk("walk-4level-2m-random", "walk, 4-level, 2M pages, random", 3, LARGE_4LEVEL, scattered),
  translate("tlb-hit", "TLB hit", 3.5, () => scattered(LOWMEM_PAE, HIT_PAGES)),
  translate("tlb-miss-sequential", "TLB miss and fill, page after page", 2.5, () => sequential(LOWMEM_PAE)),
  translate("tlb-miss-random", "TLB miss and fill, random", 2.5, () => scattered(LOWMEM_PAE)),
];
