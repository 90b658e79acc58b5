/**
 * The page tables in a memory that is read frame by frame: a dump, or a running guest. Only the frames that a walk from a root can reach are
 * read, and the one beside the root, which may be the other root of page-table isolation.
 *
 * @module
 */

import { besideRoot, isolationOf } from "../../core/audit/isolation.ts";
import { clearPdpteMarks } from "../../core/dump/load.ts";
import { loadState, MAX_STATE_FRAMES, parseStateHeader, type SavedState, type State } from "../../core/dump/mod.ts";
import { writeState } from "../../core/dump/write.ts";
import { isMissing } from "../../core/mmu/assumed.ts";
import { EFER_NXE, frameOf, NX, P, selectMode } from "../../core/mmu/mod.ts";
import { rootWord, tableLevels } from "../../core/tables/tables.ts";
import { type Tables, tableUses } from "../../core/tables/mod.ts";
import { type Cpu, CPUS, PhysicalMemory } from "../../mod.ts";
import type { TakenRegisters } from "./known_registers.ts";
import type { PagingRegisters } from "./registers.ts";

const FRAME_BYTES = 4096;

/** Reads a frame: its 1024 words; undefined where there is no memory. */
export type ReadFrame = (frame: number) => Int32Array | undefined | Promise<Int32Array | undefined>;

/** Memory whose frames can be read. */
export interface Frames {
  readonly frame: ReadFrame;
  /** Physical address behind the last byte. */
  readonly end: number;
}

/** Tables with a copy of their frames. */
export interface Collected {
  /** The tables; memory has nothing but them. */
  readonly tables: Tables;
  /** Frames of the tables, ascending. With page-table isolation they are those below both roots. */
  readonly frames: readonly number[];
}

/** The facts about a state that its tables and registers do not tell. */
export interface StateFacts {
  /** Stem of the file names. */
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  /** The CPU; null if it is not known. */
  readonly cpu: Cpu | null;
  /** Size of the machine's memory in bytes. */
  readonly ramBytes: number;
}

/**
 * Reads the page tables of a dump.
 *
 * @param memory The dump.
 * @param taken The registers.
 * @param description What ran.
 * @returns A state.
 * @throws {RangeError} If the registers make no sense or do not fit the memory, the root is not in the dump, or there are too many tables.
 */
export async function stateOf(
  memory: Frames,
  { registers, guessNx }: TakenRegisters,
  description: string,
): Promise<State> {
  const { tables, frames } = await collectTables(registers, CPUS.today, memory.frame);
  if (!mapsCode(tables)) {
    throw new RangeError(
      `Expected page tables at CR3 0x${tables.root.toString(16)} but found none that map a page to execute: ` +
        "do the registers fit this memory?",
    );
  }
  const efer = guessNx && !hasNx({ tables, frames }) ? tables.efer & ~EFER_NXE : tables.efer;
  const ramBytes = Math.max(Math.ceil(memory.end / FRAME_BYTES), 1) * FRAME_BYTES;
  const facts: StateFacts = { name: "dump", description, cpu: null, ramBytes };
  const { header, frameData } = await savedState({ tables: { ...tables, efer }, frames }, registers, facts);
  return await loadState(parseStateHeader(header), frameData);
}

/**
 * Copies the tables below a root, and, if they are isolated, those below the other root of the process.
 *
 * @param registers The registers that the tables are read with.
 * @param cpu The CPU that walks them.
 * @param frame Reads a frame.
 * @returns The tables.
 * @throws {RangeError} If there is no memory at the root, or there are too many tables.
 */
export async function collectTables(
  { cr0, cr3, cr4, efer }: PagingRegisters,
  cpu: Cpu,
  frame: ReadFrame,
): Promise<Collected> {
  const memory = new PhysicalMemory(2 ** 52); // tables may lie anywhere, in memory that was plugged in too
  const tables = { memory, cpu, mode: selectMode(cr4, efer), root: cr3, cr0: cr0 | 0, cr4, efer, sparse: true };
  const frames = new Set<number>();
  await copyTables(tables, frame, frames);
  if (frames.size === 0) {
    throw new RangeError(`Expected the root table but found no memory at CR3 0x${cr3.toString(16)}`);
  }
  if (tables.mode.entryWords === 2) {
    const beside = besideRoot(tables);
    const other = isolationOf(tables, frames.has(beside) ? undefined : await frame(beside))?.other;
    if (other !== undefined) await copyTables({ ...tables, root: other }, frame, frames);
  }
  return { tables, frames: [...frames].sort((a, b) => a - b) };
}

/** Copies tables as a walk reaches them: `tableUses` looks into a table only after it has named it. Where no memory is, a table stays missing. */
async function copyTables(tables: Tables, read: ReadFrame, frames: Set<number>): Promise<void> {
  const missing = new Set<number>();
  for (const { frame } of tableUses(tables)) {
    if (frames.has(frame) || missing.has(frame)) continue;
    if (frames.size === MAX_STATE_FRAMES) {
      throw new RangeError(
        `Expected at most ${MAX_STATE_FRAMES} page tables but found more: is CR3 0x${tables.root.toString(16)} right?`,
      );
    }
    const words = await read(frame);
    if (words === undefined) {
      missing.add(frame);
      continue;
    }
    frames.add(frame);
    tables.memory.writeFrame(frame, words);
    if (frames.size === 1 && tables.mode.rootInRegisters) clearPdpteMarks(tables.memory, tables.root);
  }
}

/**
 * Writes tables as a state.
 *
 * @param collected The tables.
 * @param registers Their registers; EFER is the tables' own.
 * @param facts All else.
 * @returns The header and the frames. PKRU and the PAT are not known: neither a monitor nor a dump tells them.
 */
export async function savedState(
  { tables, frames }: Collected,
  { cr0, cr2, cr3, cr4, ip, cpl, ac }: PagingRegisters,
  facts: StateFacts,
): Promise<SavedState> {
  const registers = { ip, cr0, cr2, cr3, cr4, efer: tables.efer, pkru: null, ac, pat: null };
  return await writeState({ ...facts, registers, cpl, tables, frames });
}

/** Whether a page can be executed: without one no CPU runs. Each table is looked at once a level, however many entries lead to it. */
function mapsCode(tables: Tables): boolean {
  const { memory, mode: { entryWords } } = tables;
  const levels = tableLevels(tables);
  const empty = levels.map(() => new Set<number>());
  const below = (depth: number, frame: number, first: number): boolean => {
    const [level, known] = [levels[depth], empty[depth]];
    if (level === undefined || known?.has(frame) !== false || isMissing(tables, frame)) return false;
    known.add(frame);
    for (let i = 0; i < level.entries; i++) {
      const lo = memory.read(frame, first + i * entryWords);
      const hi = entryWords === 2 ? memory.read(frame, first + i * entryWords + 1) : 0;
      if ((lo & P) === 0 || (level.level.rights && (hi & NX) !== 0)) continue;
      const leaf = level.last || (lo & level.leafBit) !== 0;
      const reserved = leaf ? level.leafReserved : level.tableReserved;
      if (((hi & reserved.hi) | (lo & reserved.lo)) !== 0) continue;
      if (leaf || below(depth + 1, frameOf(hi, lo), 0)) return true;
    }
    return false;
  };
  return below(0, Math.floor(tables.root / 4096), rootWord(tables));
}

/** Whether an entry that is present has NX. */
function hasNx({ tables: { memory, mode }, frames }: Collected): boolean {
  if (mode.entryWords === 1) return false;
  return frames.some((frame) => {
    for (let word = 0; word < 1024; word += 2) {
      if ((memory.read(frame, word) & P) !== 0 && (memory.read(frame, word + 1) & NX) !== 0) return true;
    }
    return false;
  });
}
