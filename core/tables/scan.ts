/**
 * One pass over all leaves below a root, in the order of their linear addresses.
 *
 * @module
 */

import { isMissing } from "../mmu/assumed.ts";
import { type Entry, frameOf, P, type PhysicalMemory } from "../mmu/mod.ts";
import { firstWord, rootWord, type TableLevel, tableLevels, type Tables, tableWords } from "./tables.ts";

/**
 * Maximum tables of one pass, each counted on every way to it: those of 2 TiB of 4K pages. More mean that tables refer to each other in loops, or that very many
 * entries share one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MAX_TABLES } from "@pagetable-init/textbook/tables";
 *
 * assertEquals(MAX_TABLES * 512 * 4096, 2 ** 41);
 * ```
 */
export const MAX_TABLES: number = 2 ** 20;

/**
 * Receives a stretch of consecutive entries of one table, each either absent or a leaf.
 *
 * @param level The table's level.
 * @param words The memory that holds the table.
 * @param at Index in `words` of the first entry of the stretch.
 * @param count Entries in the stretch.
 * @param page Linear page number of the first entry: the linear address without sign extension, divided by 4096.
 * @param and AND of the low words of the entries above, as far as their rights count.
 * @param nx OR of their high words.
 */
export type VisitLeaves = (
  level: TableLevel,
  words: Int32Array,
  at: number,
  count: number,
  page: number,
  and: number,
  nx: number,
) => void;

/**
 * Receives an odd entry.
 *
 * @param why Whether a bit is set that every CPU reserves, or the entry points to a missing table.
 * @param level The entry's level.
 * @param page Linear page number of the first page that it covers, without sign extension.
 * @param hi High word.
 * @param lo Low word.
 * @param bits The bits that are set and must not be.
 */
export type VisitOdd = (
  why: "reserved-bits" | "missing-table",
  level: TableLevel,
  page: number,
  hi: number,
  lo: number,
  bits: Entry,
) => void;

/**
 * Visits all leaves below a root.
 *
 * Entries with a reserved bit set are not followed, because a walk faults there. Tables beyond the end of memory read all ones, as
 * for the CPU. The visitor looks for reserved bits in the leaves themselves.
 *
 * @param tables The tables.
 * @param visit Called for each stretch of leaves, in the order of linear addresses.
 * @param odd Called for each entry above the leaves that is odd.
 * @throws {RangeError} After `MAX_TABLES` tables.
 */
export function scanLeaves(tables: Tables, visit: VisitLeaves, odd?: VisitOdd): void {
  new Scan(tables, visit, odd).table(0, Math.floor(tables.root / 4096), rootWord(tables), 0, -1, 0);
}

/** Index of the first present entry from one on; `count` if there is none. Most entries of a machine are absent, so this loop does nothing else. */
export function nextPresent(words: Int32Array, first: number, stride: number, index: number, count: number): number {
  for (let at = first + index * stride; index < count; index++, at += stride) {
    if (((words[at] ?? 0) & P) !== 0) return index;
  }
  return count;
}

/** The state of one pass: its constants, and the number of tables visited. */
class Scan {
  readonly #memory: PhysicalMemory;
  readonly #stride: number;
  readonly #levels: readonly TableLevel[];
  readonly #visit: VisitLeaves;
  readonly #odd: VisitOdd | undefined;
  readonly #sparse: boolean;
  #visited = 0;

  constructor(tables: Tables, visit: VisitLeaves, odd: VisitOdd | undefined) {
    this.#memory = tables.memory;
    this.#sparse = tables.sparse === true;
    this.#odd = odd;
    this.#stride = tables.mode.entryWords;
    this.#levels = tableLevels(tables);
    this.#visit = visit;
  }

  table(depth: number, frame: number, start: number, page: number, and: number, nx: number): void {
    if (++this.#visited > MAX_TABLES) {
      throw new RangeError(
        `Expected at most ${MAX_TABLES} page tables on the ways from the root but found more: they refer to each other in loops, ` +
          "or very many entries share one",
      );
    }
    const words = tableWords(this.#memory, frame);
    const level = this.#levels[depth];
    if (words === undefined || level === undefined) return;
    const base = firstWord(this.#memory, frame) + start;
    if (level.last) this.#visit(level, words, base, level.entries, page, and, nx);
    else this.#entries(depth, level, words, base, page, and, nx);
  }

  /** Descends into each entry that points to a table, and visits the stretches between them. */
  #entries(
    depth: number,
    level: TableLevel,
    words: Int32Array,
    base: number,
    page: number,
    and: number,
    nx: number,
  ): void {
    const stride = this.#stride;
    let from = 0;
    for (let index = 0; index <= level.entries; index++) {
      index = nextPresent(words, base, stride, index, level.entries);
      const at = base + index * stride;
      if (index < level.entries && ((words[at] ?? 0) & level.leafBit) !== 0) continue;
      if (level.leafBit !== 0 && from < index) {
        this.#visit(level, words, base + from * stride, index - from, page + from * level.pages, and, nx);
      }
      from = index + 1;
      if (index < level.entries) this.#below(depth, level, words, at, page + index * level.pages, and, nx);
    }
  }

  #below(
    depth: number,
    row: TableLevel,
    words: Int32Array,
    at: number,
    page: number,
    and: number,
    nx: number,
  ): void {
    const { level, tableReserved, oddBits } = row;
    const lo = words[at] ?? 0;
    const hi = this.#stride === 2 ? words[at + 1] ?? 0 : 0;
    const bits = { hi: hi & oddBits.hi, lo: lo & oddBits.lo };
    if ((bits.lo | bits.hi) !== 0) this.#odd?.("reserved-bits", row, page, hi, lo, bits);
    if (((lo & tableReserved.lo) | (hi & tableReserved.hi)) !== 0) return;
    if (isMissing({ memory: this.#memory, sparse: this.#sparse }, frameOf(hi, lo))) {
      this.#odd?.("missing-table", row, page, hi, lo, bits);
      return;
    }
    this.table(depth + 1, frameOf(hi, lo), 0, page, level.rights ? and & lo : and, level.rights ? nx | hi : nx);
  }
}
