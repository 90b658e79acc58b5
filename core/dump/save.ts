/**
 * Saves a machine as a state, which `loadState` loads again.
 *
 * @module
 */

import { anyText, checkArguments, options, show } from "../check.ts";
import { aMachine } from "../mmu/machine.ts";
import { isMissing } from "../mmu/assumed.ts";
import { type Tables, tablesOf, tableUses } from "../tables/mod.ts";
import { type Cpu, CPUS, type Machine, type Paging, type Unknown } from "../mmu/mod.ts";
import { isPlainName, MAX_STATE_FRAMES } from "./header.ts";
import { patValue, type SavedState, writeState } from "./write.ts";

export type { SavedState } from "./write.ts";

/** Name and description of a state. */
export interface StateName {
  /** Stem of the file names: letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /** One line for people: the system that ran. */
  readonly description: string;
}

/**
 * Saves the page tables and paging registers of a machine. The TLB is not saved, nor PDPTE registers that differ from memory.
 *
 * @param machine The machine, paging.
 * @param name Name of the state, which becomes the stem of its file names.
 * @returns The header and the frames.
 * @throws {TypeError} If an argument is of a wrong type, or SHA-256 is missing: a page served over plain HTTP has no `crypto.subtle`.
 * @throws {RangeError} If the name cannot be a file's, paging is off, or there are more than `MAX_STATE_FRAMES` tables.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 * import { saveState } from "@pagetable-init/textbook/dump";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * machine.memory.write(0x1, 768, 0x2067);
 * machine.memory.write(0x2, 0, 0x0063);
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0011);
 * const { header, frameData } = await saveState(machine, { name: "one-page", description: "a 486 with one page" });
 * assertEquals([JSON.parse(header).frames, frameData.length], [["0x1", "0x2"], 8192]);
 * ```
 */
export async function saveState(machine: Machine, name: StateName): Promise<SavedState> {
  checkArguments(PARAMETERS, [machine, name]);
  return await save(machine, name);
}

const PARAMETERS = {
  machine: aMachine,
  name: options("saveState", { name: anyText, description: anyText }),
};

async function save(machine: Machine, { name, description }: StateName): Promise<SavedState> {
  if (!isPlainName(`${name}.pt.gz`)) {
    throw new RangeError(`Expected a name of letters, digits, "_", "-" and "." but found ${show(name)}`);
  }
  const tables = tablesOf(machine);
  const frames = tables.sparse === true ? keptFrames(machine) : tableFrames(tables);
  return await writeState({
    name,
    description,
    cpu: isKnown(machine, "cpu") ? cpuField(machine.cpu) : null,
    ramBytes: tables.memory.frames * 4096,
    registers: registersOf(machine),
    cpl: 0,
    tables,
    frames,
  });
}

/** All frames of memory that holds only page tables: those below other roots are in it too. */
function keptFrames(machine: Machine): number[] {
  const { places, farPlaces } = machine.snapshot().memory;
  const near = [...places.keys()].filter((frame) => places[frame] !== 0);
  return [...near, ...[...farPlaces.keys()].sort((a, b) => a - b)];
}

/** Tables that memory lacks are left out, so the state lacks them too. */
function tableFrames(tables: Tables): number[] {
  const frames = new Set<number>();
  for (const { frame } of tableUses(tables)) {
    if (frame >= tables.memory.frames || isMissing(tables, frame)) continue;
    frames.add(frame);
    if (frames.size > MAX_STATE_FRAMES) {
      throw new RangeError(`Expected at most ${MAX_STATE_FRAMES} page tables but found more`);
    }
  }
  return [...frames].sort((a, b) => a - b);
}

/** A known CPU by its id, another one with all that it has. */
function cpuField(cpu: Cpu): string | Cpu {
  const known = Object.values(CPUS).find(({ id }) => id === cpu.id);
  const same = known !== undefined && Object.entries(known).every(([name, value]) => Reflect.get(cpu, name) === value);
  return same ? cpu.id : cpu;
}

function isKnown({ unknown = [] }: Paging, name: Unknown): boolean {
  return !unknown.includes(name);
}

function registersOf(machine: Machine): Record<string, number | bigint | boolean | null> {
  const { cr0, cr2, cr3, cr4, efer, pkru, ac, pat } = machine;
  const [hi = 0, lo = 0] = cr2;
  const wide = (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
  return {
    cr0: cr0 >>> 0,
    cr2: wide,
    cr3,
    cr4: cr4 >>> 0,
    efer: efer >>> 0,
    pkru: isKnown(machine, "pkru") ? pkru >>> 0 : null,
    ac: isKnown(machine, "ac") ? ac : null,
    pat: isKnown(machine, "pat") ? patValue(pat) : null,
  };
}
