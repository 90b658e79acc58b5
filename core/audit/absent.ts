/**
 * Entries that are not present and not zero: their meaning to an operating system.
 *
 * Source: Linux's arch/x86/include/asm/pgtable-2level.h, pgtable_64.h (swap entries) and pgtable_types.h (`_PAGE_PROTNONE`).
 *
 * @module
 */

import { A, D, frameOf, G, type Linear, type Mode, P } from "../mmu/mod.ts";
import { linearOf } from "../tables/range_list.ts";
import { firstWord, rootWord, type Tables, type TableUse, tableWords } from "../tables/tables.ts";

/** What such an entry is, as far as the format is known. */
export type AbsentKind =
  | "prot-none"
  | "swap"
  | "invalid-frame"
  | "kernel-unmapped"
  | "unknown";

/** Entries of one kind. */
export interface AbsentEntries {
  /** The kind. */
  readonly kind: AbsentKind;
  /** Number of entries. */
  readonly entries: number;
  /** Linear address of the first. */
  readonly address: Linear;
}

/** All ones in the address bits of a word. */
const ALL_ONES = 0xffff_f000 | 0;

/** A table and its address. */
export interface PlacedTable {
  /** The table. */
  readonly use: TableUse;
  /** Linear page number of the first page below it, at the first place found. */
  readonly page: number;
}

/** The tables with their addresses. */
export function placedTables(uses: readonly TableUse[], { levels }: Mode): PlacedTable[] {
  const pages = new Map<string, number>();
  return uses.map((use) => {
    const depth = levels.indexOf(use.level);
    const above = levels[depth - 1];
    const parent = pages.get(`${depth - 1}:${use.parent}`) ?? 0;
    const page = above === undefined ? 0 : parent + use.index * 2 ** (above.shift - 12);
    pages.set(`${depth}:${use.frame}`, page);
    return { use, page };
  });
}

/**
 * Counts entries that are not present and not zero, without those that have only A and D.
 *
 * @param tables The tables.
 * @param placed Their frames (`placedTables`).
 * @param linux Whether they are Linux's.
 * @param half Linear page number of the kernel half.
 * @returns The kinds that occur, each with its first address.
 */
export function absentEntries(
  tables: Tables,
  placed: readonly PlacedTable[],
  linux: boolean,
  half: number,
): AbsentEntries[] {
  const { mode, memory } = tables;
  const found = new Map<AbsentKind, { entries: number; page: number }>();
  for (const [i, { use: { frame, level }, page }] of placed.entries()) {
    const words = tableWords(memory, frame);
    if (words === undefined || frame >= memory.frames) continue;
    const base = firstWord(memory, frame) + (i === 0 ? rootWord(tables) : 0);
    const pages = 2 ** (level.shift - 12);
    for (let index = 0; index < 1 << level.bits; index++) {
      const at = base + index * mode.entryWords;
      const lo = words[at] ?? 0;
      const hi = mode.entryWords === 2 ? words[at + 1] ?? 0 : 0;
      if ((lo & P) !== 0 || ((lo & ~(A | D)) | hi) === 0) continue; // a CPU may leave A and D behind
      const kind = kindOf(hi, lo, linux, page + index * pages >= half);
      const known = found.get(kind);
      if (known === undefined) found.set(kind, { entries: 1, page: page + index * pages });
      else known.entries++;
    }
  }
  return [...found].map(([kind, { entries, page }]) => ({ kind, entries, address: linearOf(page, mode.linearBits) }));
}

function kindOf(hi: number, lo: number, linux: boolean, kernel: boolean): AbsentKind {
  if ((lo & ALL_ONES) === ALL_ONES && (hi & 0xf_ffff) === 0xf_ffff) return "invalid-frame";
  if (!linux) return "unknown";
  if (kernel) return "kernel-unmapped";
  return (lo & G) !== 0 ? "prot-none" : "swap";
}

/** First pages of the tables of the last level that have no present entry. */
export function emptyTables({ memory, mode }: Tables, placed: readonly PlacedTable[]): number[] {
  const last = mode.levels.at(-1);
  return placed.filter(({ use: { level, frame } }) => {
    const words = level === last && frame < memory.frames ? tableWords(memory, frame) : undefined;
    if (words === undefined) return false;
    const base = firstWord(memory, frame);
    for (let word = 0; word < 1024; word += mode.entryWords) if (((words[base + word] ?? 0) & P) !== 0) return false;
    return true;
  }).map(({ page }) => page);
}

/** Slots of the root that point to the root. */
export function selfMaps(tables: Tables): number[] {
  const { mode, memory, root } = tables;
  const frame = Math.floor(root / 4096);
  const words = mode.rootInRegisters ? undefined : tableWords(memory, frame);
  if (words === undefined || frame >= memory.frames) return [];
  const base = firstWord(memory, frame);
  const slots = Array.from({ length: 1024 / mode.entryWords }, (_, slot) => slot);
  return slots.filter((slot) => {
    const lo = words[base + slot * mode.entryWords] ?? 0;
    const hi = mode.entryWords === 2 ? words[base + slot * 2 + 1] ?? 0 : 0;
    return (lo & P) !== 0 && frameOf(hi, lo) === frame;
  });
}
