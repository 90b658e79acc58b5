/**
 * The page tables in a dump, as a state: only the frames that a walk from a root can reach are read.
 *
 * @module
 */

import { isolationOf } from "../../core/audit/isolation.ts";
import { clearPdpteMarks } from "../../core/dump/load.ts";
import { loadState, MAX_STATE_FRAMES, parseStateHeader, type State } from "../../core/dump/mod.ts";
import { writeState } from "../../core/dump/write.ts";
import { EFER_NXE, NX, P, selectMode } from "../../core/mmu/mod.ts";
import { type Tables, tableUses } from "../../core/tables/mod.ts";
import { CPUS, PhysicalMemory } from "../../mod.ts";
import type { TakenRegisters } from "./known_registers.ts";

const FRAME_BYTES = 4096;

/** Memory whose frames can be read. */
export interface Frames {
  /** A frame's 1024 words; undefined where there is no memory. */
  readonly frame: (frame: number) => Int32Array | undefined;
  /** Physical address behind the last byte. */
  readonly end: number;
}

/** Tables as they were found. */
interface Found {
  readonly tables: Tables;
  readonly frames: readonly number[];
}

/**
 * Reads the page tables of a dump.
 *
 * @param memory The dump.
 * @param taken The registers.
 * @param description What ran.
 * @returns A state. With page-table isolation it has the tables of both roots.
 * @throws {RangeError} If the registers make no sense, the root is not in the dump, or there are too many tables.
 */
export async function stateOf(
  memory: Frames,
  { registers, guessNx }: TakenRegisters,
  description: string,
): Promise<State> {
  const tried = found(memory, tablesAt(registers));
  const clear = guessNx && !hasNx(tried);
  const { tables, frames } = clear
    ? { ...tried, tables: { ...tried.tables, efer: tried.tables.efer & ~EFER_NXE } }
    : tried;
  const { cr0, cr2, cr3, cr4, ip, cpl, ac } = registers;
  const { header, frameData } = await writeState({
    name: "dump",
    description,
    cpu: null,
    ramBytes: Math.max(Math.ceil(memory.end / FRAME_BYTES), 1) * FRAME_BYTES,
    registers: { ip, cr0, cr2, cr3, cr4, efer: tables.efer, pkru: null, ac, pat: null },
    cpl,
    tables,
    frames,
  });
  return await loadState(parseStateHeader(header), frameData);
}

function tablesAt({ cr0, cr3, cr4, efer }: TakenRegisters["registers"]): Tables {
  const memory = new PhysicalMemory(2 ** 52);
  return { memory, cpu: CPUS.today, mode: selectMode(cr4, efer), root: cr3, cr0: cr0 | 0, cr4, efer, sparse: true };
}

/** Copies the tables below a root, and those below the other root of page-table isolation. */
function found(memory: Frames, tables: Tables): Found {
  const frames = new Set<number>();
  copyTables(memory, tables, frames);
  if (frames.size === 0) {
    throw new RangeError(
      `Expected the root table in the dump but found no memory at CR3 0x${tables.root.toString(16)}`,
    );
  }
  if (tables.mode.rootInRegisters) clearPdpteMarks(tables.memory, tables.root);
  const other = isolationOf(tables, memory.frame)?.other;
  if (other !== undefined) copyTables(memory, { ...tables, root: other }, frames);
  return { tables, frames: [...frames].sort((a, b) => a - b) };
}

/** `tableUses` looks into a table only after it has named it. A table where no memory is stays missing. */
function copyTables(memory: Frames, tables: Tables, frames: Set<number>): void {
  const missing = new Set<number>();
  for (const { frame } of tableUses(tables)) {
    if (frames.has(frame) || missing.has(frame)) continue;
    if (frames.size === MAX_STATE_FRAMES) {
      throw new RangeError(
        `Expected at most ${MAX_STATE_FRAMES} page tables but found more: is CR3 0x${tables.root.toString(16)} right?`,
      );
    }
    const words = memory.frame(frame);
    if (words === undefined) missing.add(frame);
    else {
      frames.add(frame);
      words.forEach((word, i) => tables.memory.write(frame, i, word));
    }
  }
}

/** Whether an entry that is present has NX. */
function hasNx({ tables: { memory, mode }, frames }: Found): boolean {
  if (mode.entryWords === 1) return false;
  return frames.some((frame) => {
    for (let word = 0; word < 1024; word += 2) {
      if ((memory.read(frame, word) & P) !== 0 && (memory.read(frame, word + 1) & NX) !== 0) return true;
    }
    return false;
  });
}
