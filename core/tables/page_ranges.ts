/**
 * Reads tables as ranges: consecutive pages that map consecutive frames with the same rights.
 *
 * @module
 */

import { checkArguments, instance, optional } from "../check.ts";
import { frameOfLeaf } from "../mmu/entry.ts";
import { A, D, frameOf, G, patIndex } from "../mmu/mod.ts";
import { packRights } from "../mmu/walk.ts";
import {
  type GuestRange,
  linearOf,
  makeGuestRange,
  makePageRange,
  type MakeRange,
  packLeafFlags,
  type PageRange,
  RangeJoiner,
  type TakeRange,
} from "./range_list.ts";
import { nextPresent, scanLeaves, type VisitOdd } from "./scan.ts";
import { type TableLevel, type Tables, tablesShape } from "./tables.ts";

/** Bits of a leaf's low word that never split a range: A, D and the three for software. */
const VOLATILE = A | D | 0xe00;
const FLAGS = 0xfff & ~VOLATILE;
const FRAMES_BELOW_4G = 0x10_0000;

/**
 * Maximum ranges of one list: as many as 4 GiB has 4K pages. `scanRanges` has no such limit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MAX_RANGES } from "@pagetable-init/textbook/tables";
 *
 * assertEquals(MAX_RANGES * 4096, 2 ** 32);
 * ```
 */
export const MAX_RANGES: number = 2 ** 20;

/**
 * All leaves below a root, as ranges in the order of their linear addresses.
 *
 * Accessed, dirty and software bits of the leaves are ignored. Leaves with a reserved bit set are left out, because every access by them faults.
 * A range never crosses from the lower half of a 64-bit address space to the upper one.
 *
 * @param tables The tables.
 * @returns The ranges.
 * @throws {RangeError} If the tables refer to each other in loops (`MAX_TABLES`), or after `MAX_RANGES` ranges.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
 * import { pageRanges } from "@pagetable-init/textbook/tables";
 *
 * const memory = new PhysicalMemory(1 << 24);
 * memory.write(0x1, 768, 0x2067); // pde 768 -> table in frame 2
 * for (let i = 0; i < 256; i++) memory.write(0x2, i, (i << 12) | 0x063);
 * const tables = { memory, cpu: CPUS.i486, mode: MODES["two-level"], root: 0x1000, cr4: 0, efer: 0 };
 * const [range] = pageRanges(tables);
 * assertEquals([range?.linear.lo, range?.pages, range?.frame], [0xc0000000, 256, 0]);
 * ```
 */
export function pageRanges(tables: Tables): PageRange[] {
  tablesShape(tables, "tables");
  return collected(tables, undefined, makePageRange);
}

/**
 * As `pageRanges`, in the guest's own page numbers: consecutive pages that map consecutive pfns, wherever their frames are.
 * A large page whose frames are not consecutive pfns comes as the 4K pages that it covers.
 *
 * @param tables The tables.
 * @param m2p Pfn of each machine frame, -1 for one that is not the guest's; undefined where the two are the same.
 * @returns The ranges.
 * @throws {RangeError} As `pageRanges`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { guestRanges } from "@pagetable-init/textbook/tables";
 *
 * const { guest } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" }).machine;
 * const lowmem = guestRanges(guest, guest.m2p).filter(({ pfn }) => pfn >= 0);
 * assertEquals(lowmem[0]?.pfn, 0);
 * ```
 */
export function guestRanges(tables: Tables, m2p: Int32Array | undefined): GuestRange[] {
  checkArguments({ tables: tablesShape, m2p: optional(instance(Int32Array, "pfns by frame")) }, [tables, m2p]);
  return collected(tables, m2p, makeGuestRange);
}

function collected<T>(
  tables: Tables,
  m2p: Int32Array | undefined,
  make: MakeRange<T>,
): T[] {
  const ranges: T[] = [];
  const { linearBits } = tables.mode;
  scanRanges(tables, m2p, (page, pages, shift, first, rights, flags) => {
    if (ranges.length >= MAX_RANGES) {
      throw new RangeError(`Expected page tables of at most ${MAX_RANGES} ranges but found more`);
    }
    ranges.push(make(first, linearOf(page, linearBits), pages, shift, rights, flags));
  });
  return ranges;
}

/**
 * Calls a function for each range below a root.
 *
 * @param tables The tables.
 * @param m2p As `guestRanges` has it.
 * @param take Called for each range, in the order of linear addresses.
 * @param odd Called for each entry that is odd, leaves among them.
 * @throws {RangeError} If the tables refer to each other in loops (`MAX_TABLES`).
 */
export function scanRanges(
  tables: Tables,
  m2p: Int32Array | undefined,
  take: TakeRange,
  odd?: VisitOdd,
): void {
  const finder = new RangeFinder(tables, m2p, take, odd);
  scanLeaves(
    tables,
    (level, words, at, count, page, and, nx) => finder.visit(level, words, at, count, page, and, nx),
    odd,
  );
  finder.ranges.finish();
}

/** Finds the ranges within one stretch of entries: the inner loop of every audit. */
class RangeFinder {
  readonly ranges: RangeJoiner;
  readonly #tables: Tables;
  readonly #m2p: Int32Array | undefined;
  readonly #stride: number;
  readonly #odd: VisitOdd | undefined;

  constructor(tables: Tables, m2p: Int32Array | undefined, take: TakeRange, odd: VisitOdd | undefined) {
    this.#odd = odd;
    this.#tables = tables;
    this.#m2p = m2p;
    this.#stride = tables.mode.entryWords;
    this.ranges = new RangeJoiner(tables.mode, take);
  }

  visit(
    level: TableLevel,
    words: Int32Array,
    first: number,
    count: number,
    page: number,
    and: number,
    nx: number,
  ): void {
    const stride = this.#stride;
    const { pages, leafReserved } = level;
    let i = nextPresent(words, first, stride, 0, count);
    while (i < count) {
      const at = first + i * stride;
      const lo = words[at] ?? 0;
      const hi = stride === 2 ? words[at + 1] ?? 0 : 0;
      const length = this.#length(level, words, at, count - i, hi, lo);
      if (((lo & leafReserved.lo) | (hi & leafReserved.hi)) === 0) {
        this.#found(level, page + i * pages, length, hi, lo, and & lo, nx | hi);
      } else if (this.#odd !== undefined) this.#oddLeaves(level, words, at, page + i * pages, length);
      i = nextPresent(words, first, stride, i + length, count);
    }
  }

  #oddLeaves(level: TableLevel, words: Int32Array, at: number, page: number, length: number): void {
    const { pages, leafReserved } = level;
    for (let i = 0; i < length; i++, at += this.#stride) {
      const lo = words[at] ?? 0;
      const hi = this.#stride === 2 ? words[at + 1] ?? 0 : 0;
      const bits = { hi: hi & leafReserved.hi, lo: lo & leafReserved.lo };
      this.#odd?.("reserved-bits", level, page + i * pages, hi, lo, bits);
    }
  }

  /** Entries from `at` on that map consecutive frames with the same flags. */
  #length({ pages }: TableLevel, words: Int32Array, at: number, max: number, hi: number, lo: number): number {
    if (this.#m2p !== undefined) {
      return pages === 1 ? translatedLength(words, at, this.#stride, max, hi, lo, this.#m2p) : 1;
    }
    const beforeCarry = Math.ceil((FRAMES_BELOW_4G - (lo >>> 12)) / pages);
    return plainLength(words, at, this.#stride, Math.min(max, beforeCarry), hi, lo, pages * 4096);
  }

  #found(
    { level, pages }: TableLevel,
    page: number,
    length: number,
    hi: number,
    lo: number,
    and: number,
    nx: number,
  ): void {
    const { mode, cpu } = this.#tables;
    const frame = frameOfLeaf(mode, level, hi, lo, cpu);
    const rights = packRights(and, nx, mode.linearBits > 32 ? hi : 0, 0);
    const flags = packLeafFlags(patIndex(level, lo, cpu), (lo & G) !== 0);
    const m2p = this.#m2p;
    if (m2p === undefined) return this.ranges.add(page, length * pages, level.shift, frame, rights, flags);
    const pfn = m2p[frame] ?? -1;
    if (pages === 1 || isOneRange(m2p, frame, pages)) {
      return this.ranges.add(page, length * pages, level.shift, pfn, rights, flags);
    }
    for (let i = 0; i < pages; i++) this.ranges.add(page + i, 1, 12, m2p[frame + i] ?? -1, rights, flags);
  }
}

function plainLength(
  words: Int32Array,
  at: number,
  stride: number,
  max: number,
  hi: number,
  lo: number,
  step: number,
): number {
  let expected = lo & ~VOLATILE;
  for (let length = 1; length < max; length++) {
    at += stride;
    expected = (expected + step) | 0;
    if (((words[at] ?? 0) & ~VOLATILE) !== expected || (stride === 2 && words[at + 1] !== hi)) return length;
  }
  return max;
}

function translatedLength(
  words: Int32Array,
  at: number,
  stride: number,
  max: number,
  hi: number,
  lo: number,
  m2p: Int32Array,
): number {
  const base = frameOf(hi, 0);
  let expected = m2p[base + (lo >>> 12)] ?? -1;
  const step = expected < 0 ? 0 : 1;
  for (let length = 1; length < max; length++) {
    at += stride;
    expected += step;
    const word = words[at] ?? 0;
    if (
      ((word ^ lo) & FLAGS) !== 0 || (m2p[base + (word >>> 12)] ?? -1) !== expected ||
      (stride === 2 && words[at + 1] !== hi)
    ) return length;
  }
  return max;
}

/** Whether the frames of a large page are consecutive pfns, or none is the guest's. */
function isOneRange(m2p: Int32Array, frame: number, pages: number): boolean {
  const first = m2p[frame] ?? -1;
  const step = first < 0 ? 0 : 1;
  for (let i = 1; i < pages; i++) {
    if ((m2p[frame + i] ?? -1) !== first + i * step) return false;
  }
  return true;
}
