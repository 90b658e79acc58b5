/**
 * The page tables below a root: the facts needed to read them, and the frames that they occupy.
 *
 * @module
 */

import { isMissing } from "../mmu/assumed.ts";
import { cpuShape } from "../mmu/cpus.ts";
import { modeShape, pagingShape } from "../mmu/shapes.ts";
import { type Check, instance, number, shape } from "../check.ts";
import {
  type Cpu,
  CR4_PSE,
  EFER_NXE,
  type Entry,
  frameOf,
  isLeaf,
  type Level,
  type Mode,
  P,
  type Paging,
  pdpteReserved,
  PhysicalMemory,
  PS,
  reservedBits,
} from "../mmu/mod.ts";

/** The memory, CPU and registers that give the tables below a root their meaning. A `Guest` has these fields. */
export interface Tables {
  /** Physical memory that holds them. */
  readonly memory: PhysicalMemory;
  /** The CPU that would walk them. */
  readonly cpu: Cpu;
  /** Paging mode: the format of the tables. */
  readonly mode: Mode;
  /** Physical address of the root table, as CR3 has it. */
  readonly root: number;
  /** CR0, for its bit WP; WP counts as set if the field is missing. */
  readonly cr0?: number;
  /** CR4; PSE matters. */
  readonly cr4: number;
  /** EFER; NXE matters. */
  readonly efer: number;
  /** Whether memory holds only page tables. A table that was never written then counts as missing and is not visited. */
  readonly sparse?: boolean;
}

/** Tables that a caller brings. */
export const tablesShape: Check = shape("tables (tablesOf)", {
  memory: instance(PhysicalMemory, "physical memory"),
  cpu: cpuShape,
  mode: modeShape,
  root: number,
  cr4: number,
  efer: number,
});

/** One level of the tables, under the present registers. */
export interface TableLevel {
  /** The level. */
  readonly level: Level;
  /** Entries in a table of this level. */
  readonly entries: number;
  /** 4K pages that an entry covers. */
  readonly pages: number;
  /** PS where it makes an entry a leaf, else 0. */
  readonly leafBit: number;
  /** Whether every entry is a leaf. */
  readonly last: boolean;
  /** Reserved bits of an entry that points to a table; a walk faults if one is set. */
  readonly tableReserved: Entry;
  /** Bits that no CPU accepts in an entry that points to a table: `reserved`, and in a PDPTE of PAE the bits that make its load a #GP. */
  readonly oddBits: Entry;
  /** Reserved bits of a leaf. */
  readonly leafReserved: Entry;
}

/** A frame in use as a page table, with the first place found on the way from the root. */
export interface TableUse {
  /** Frame number of the table. */
  readonly frame: number;
  /** Level of the table. */
  readonly level: Level;
  /** The frame of the table that points to it; -1 for the root. */
  readonly parent: number;
  /** Index of the entry that points to it; -1 for the root. */
  readonly index: number;
}

const FRAME_WORDS = 1024;
const NO_BITS: Entry = Object.freeze({ hi: 0, lo: 0 });
const NO_RAM: Int32Array = new Int32Array(FRAME_WORDS).fill(-1);

/**
 * The tables that a machine uses now. In PAE mode they are taken from memory: the four PDPTE registers may be older.
 *
 * @param paging A machine, or anything with its paging registers.
 * @returns Its tables.
 * @throws {RangeError} If paging is off.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 * import { tablesOf } from "@pagetable-init/textbook/tables";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * assertThrows(() => tablesOf(machine), RangeError, "paging is off");
 * ```
 */
export function tablesOf(paging: Paging): Tables {
  pagingShape(paging, "paging");
  const { memory, cpu, mode, cr0, cr3, cr4, efer, sparse = false } = paging;
  if (mode === undefined) throw new RangeError("Expected a machine that uses page tables but found that paging is off");
  return { memory, cpu, mode, root: cr3, cr0, cr4, efer, sparse };
}

/**
 * The levels of the tables, root first, under the given CPU and registers.
 *
 * @param tables The tables.
 * @returns One row a level.
 */
export function tableLevels({ cpu, mode, cr4, efer }: Tables): readonly TableLevel[] {
  const nxe = (efer & EFER_NXE) !== 0;
  const pse = (cr4 & CR4_PSE) !== 0;
  return mode.levels.map((level, depth) => {
    const inRegisters = mode.rootInRegisters && depth === 0;
    return {
      level,
      entries: 1 << level.bits,
      pages: 2 ** (level.shift - 12),
      leafBit: isLeaf(level, PS, cpu, pse) ? PS : 0,
      last: level.leaf === "always",
      tableReserved: inRegisters ? NO_BITS : reservedBits(mode, level, false, cpu, nxe, pse),
      oddBits: inRegisters ? pdpteReserved(cpu) : reservedBits(mode, level, false, cpu, nxe, pse),
      leafReserved: reservedBits(mode, level, true, cpu, nxe, pse),
    };
  });
}

/**
 * The array of words that holds a table. `firstWord` gives the index of its frame.
 *
 * @param memory Physical memory.
 * @param frame Frame of the table.
 * @returns The words; undefined if the frame was never written, so is all zeros; all ones where no RAM is.
 */
export function tableWords(memory: PhysicalMemory, frame: number): Int32Array | undefined {
  if (frame >= memory.frames) return NO_RAM;
  return memory.placeOf(frame) === 0 ? undefined : memory.words;
}

/**
 * Index of a frame's first word in what `tableWords` returns.
 *
 * @param memory Physical memory.
 * @param frame Frame of the table.
 * @returns Index of a 32-bit word.
 */
export function firstWord(memory: PhysicalMemory, frame: number): number {
  return frame < memory.frames ? memory.placeOf(frame) : 0;
}

/**
 * Index of the root's first word in its frame: the PDPT of PAE is 32 bytes at CR3 with its low five bits cleared.
 *
 * @param tables The tables.
 * @returns Index of a 32-bit word, 0 to 1023.
 */
export function rootWord({ mode, root }: Tables): number {
  return mode.rootInRegisters ? ((root % 4096) >>> 5) << 3 : 0;
}

/**
 * The frames that serve as page tables below a root, each once a level. Loops among the tables are harmless.
 *
 * @param tables The tables.
 * @returns The uses, root first, level by level, as they are found. A table behind an entry with a reserved bit is not reached.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
 * import { tableUses } from "@pagetable-init/textbook/tables";
 *
 * const memory = new PhysicalMemory(1 << 24);
 * memory.write(0x1, 768, 0x2067);
 * memory.write(0x1, 769, 0x3067);
 * const tables = { memory, cpu: CPUS.i486, mode: MODES["two-level"], root: 0x1000, cr4: 0, efer: 0 };
 * assertEquals([...tableUses(tables)].map(({ frame }) => frame), [1, 2, 3]);
 * ```
 */
export function tableUses(tables: Tables): Generator<TableUse> {
  tablesShape(tables, "tables");
  return uses(tables);
}

function* uses(tables: Tables): Generator<TableUse> {
  const root = Math.floor(tables.root / 4096);
  yield { frame: root, level: tables.mode.levels[0] as Level, parent: -1, index: -1 };
  let row = new Set([root]);
  for (const [depth, level] of tableLevels(tables).entries()) {
    const below = tables.mode.levels[depth + 1];
    if (below === undefined) return;
    const found = new Set<number>();
    for (const frame of row) {
      for (const use of childTables(tables, level, frame, depth === 0 ? rootWord(tables) : 0, below)) {
        if (found.has(use.frame)) continue;
        found.add(use.frame);
        yield use;
      }
    }
    row = found;
  }
}

function* childTables(
  tables: Tables,
  { entries, leafBit, tableReserved }: TableLevel,
  parent: number,
  start: number,
  level: Level,
): Generator<TableUse> {
  const { memory, mode } = tables;
  if (isMissing(tables, parent)) return;
  for (let index = 0; index < entries; index++) {
    const word = start + index * mode.entryWords;
    const lo = memory.read(parent, word);
    const hi = mode.entryWords === 2 ? memory.read(parent, word + 1) : 0;
    if ((lo & P) === 0 || (lo & leafBit) !== 0 || ((lo & tableReserved.lo) | (hi & tableReserved.hi)) !== 0) continue;
    yield { frame: frameOf(hi, lo), level, parent, index };
  }
}
