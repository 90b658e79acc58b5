/**
 * From a machine to a state that can be kept and loaded again.
 *
 * @module
 */

import { anyText, checkArguments, instance, options, show } from "../check.ts";
import { countLeaves, tablesOf, tableUses } from "../tables/mod.ts";
import { type Cpu, CPUS, Machine, type Mode, type PhysicalMemory } from "../mmu/mod.ts";
import { isPlainName, MAX_STATE_FRAMES, MODE_NAMES, STATE_FORMAT } from "./header.ts";
import { sha256 } from "./load.ts";

/** What a state is called. */
export interface StateName {
  /** Stem of the file names: letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /** What ran. */
  readonly description: string;
}

/** A state as two files. */
export interface SavedState {
  /** Text of `NAME.json`. */
  readonly header: string;
  /** Contents of `NAME.pt.gz`, not yet compressed. */
  readonly frameData: Uint8Array<ArrayBuffer>;
}

/**
 * Saves the page tables and paging registers of a machine. Of the TLB and of PDPTE registers older than memory nothing is kept.
 *
 * @param machine The machine, paging.
 * @param name What to call the state.
 * @returns The header and the frames.
 * @throws {TypeError} If an argument is of a wrong kind, or SHA-256 cannot be had: a page served over plain HTTP has no `crypto.subtle`.
 * @throws {RangeError} If the name cannot be a file's, paging is off, there are more than `MAX_STATE_FRAMES` tables, or one lies where no memory is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, Machine, PhysicalMemory, saveState } from "@pagetable-init/textbook";
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
  machine: instance(Machine, "a machine"),
  name: options("saveState", { name: anyText, description: anyText }),
};

async function save(machine: Machine, { name, description }: StateName): Promise<SavedState> {
  if (!isPlainName(`${name}.pt.gz`)) {
    throw new RangeError(`Expected a name of letters, digits, "_", "-" and "." but found ${show(name)}`);
  }
  const tables = tablesOf(machine);
  const frames = tableFrames(tables.memory, tableUses(tables));
  const frameData = copyFrames(tables.memory, frames);
  const header = {
    format: STATE_FORMAT,
    description,
    mode: modeName(tables.mode),
    cpu: cpuField(machine.cpu),
    ramBytes: tables.memory.frames * 4096,
    registers: registersOf(machine),
    cpl: 0,
    frameSize: 4096,
    frames: frames.map(hex),
    frameData: `${name}.pt.gz`,
    frameDataSha256: await sha256(frameData),
    leafCount: countLeaves(tables),
  };
  return { header: `${JSON.stringify(header, null, 1)}\n`, frameData };
}

function tableFrames(memory: PhysicalMemory, uses: Iterable<{ readonly frame: number }>): number[] {
  const frames = new Set<number>();
  for (const { frame } of uses) {
    if (frame >= memory.frames) {
      throw new RangeError(`Expected page tables in memory but found one in frame ${hex(frame)}`);
    }
    frames.add(frame);
    if (frames.size > MAX_STATE_FRAMES) {
      throw new RangeError(`Expected at most ${MAX_STATE_FRAMES} page tables but found more`);
    }
  }
  return [...frames].sort((a, b) => a - b);
}

function copyFrames(memory: PhysicalMemory, frames: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(frames.length * 4096);
  const view = new DataView(bytes.buffer);
  for (const [i, frame] of frames.entries()) {
    for (let word = 0; word < 1024; word++) view.setInt32(i * 4096 + word * 4, memory.read(frame, word), true);
  }
  return bytes;
}

/** A known CPU by its id, another one with all that it has. */
function cpuField(cpu: Cpu): string | Cpu {
  const known = Object.values(CPUS).find(({ id }) => id === cpu.id);
  const same = known !== undefined && Object.entries(known).every(([name, value]) => Reflect.get(cpu, name) === value);
  return same ? cpu.id : cpu;
}

function modeName(mode: Mode): string {
  return Object.keys(MODE_NAMES).find((name) => MODE_NAMES[name]?.id === mode.id) ?? mode.id;
}

function registersOf({ cr0, cr2, cr3, cr4, efer }: Machine): { readonly [name: string]: string } {
  const [hi = 0, lo = 0] = cr2;
  return {
    cr0: hex(cr0 >>> 0),
    cr2: hi === 0 ? hex(lo >>> 0) : `${hex(hi >>> 0)}${(lo >>> 0).toString(16).padStart(8, "0")}`,
    cr3: hex(cr3),
    cr4: hex(cr4 >>> 0),
    efer: hex(efer >>> 0),
  };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
