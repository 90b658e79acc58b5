/**
 * From raw tables to runs: consecutive pages that map consecutive frames with the same rights.
 *
 * @module
 */

import { A, D, frameOf, G, leafFrame, P, packRights, patIndex } from "../mmu/mod.ts";
import { type LeafRun, RunList } from "./run_list.ts";
import { scanLeaves } from "./scan.ts";
import type { TableLevel, Tables } from "./tables.ts";

/** Bits of a leaf's low word that never split a run: A, D and the three that software has. */
const VOLATILE = A | D | 0xe00;
const FLAGS = 0xfff & ~VOLATILE;
const FRAMES_BELOW_4G = 0x10_0000;

/**
 * All leaves below a root, as runs in the order of their linear addresses.
 *
 * Accessed, dirty and software bits of the leaves are ignored; so are leaves with a reserved bit set, which no access gets past.
 * A run never crosses from the lower half of a 64-bit address space to the upper one.
 *
 * @param tables The tables.
 * @param m2p Pfn of each machine frame, -1 for none: the frames of the runs are pfns then. A large page whose frames are not
 * consecutive pfns comes as the 4K pages that it covers.
 * @returns The runs.
 * @throws {RangeError} If the tables refer to each other in loops (`MAX_TABLES`), or after `MAX_RUNS` runs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, leafRuns, MODES, PhysicalMemory } from "@pagetable-init/textbook";
 *
 * const memory = new PhysicalMemory(1 << 24);
 * memory.write(0x1, 768, 0x2067); // pde 768 -> table in frame 2
 * for (let i = 0; i < 256; i++) memory.write(0x2, i, (i << 12) | 0x063);
 * const tables = { memory, cpu: CPUS.i486, mode: MODES["two-level"], root: 0x1000, cr4: 0, efer: 0 };
 * const [run] = leafRuns(tables);
 * assertEquals([run?.linear.lo, run?.pages, run?.pfn], [0xc0000000, 256, 0]);
 * ```
 */
export function leafRuns(tables: Tables, m2p?: Int32Array): LeafRun[] {
  const finder = new RunFinder(tables, m2p);
  scanLeaves(tables, (level, words, at, count, page, and, nx) => finder.visit(level, words, at, count, page, and, nx));
  return finder.runs.finish();
}

/** Finds the runs within one stretch of entries: the inner loop of every audit. */
class RunFinder {
  readonly runs: RunList;
  readonly #tables: Tables;
  readonly #m2p: Int32Array | undefined;
  readonly #stride: number;

  constructor(tables: Tables, m2p: Int32Array | undefined) {
    this.#tables = tables;
    this.#m2p = m2p;
    this.#stride = tables.mode.entryWords;
    this.runs = new RunList(tables.mode);
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
    for (let i = 0; i < count;) {
      const at = first + i * stride;
      const lo = words[at] ?? 0;
      if ((lo & P) === 0) {
        i++;
        continue;
      }
      const hi = stride === 2 ? words[at + 1] ?? 0 : 0;
      const length = this.#length(level, words, at, count - i, lo, hi);
      if (((lo & leafReserved.lo) | (hi & leafReserved.hi)) === 0) {
        this.#found(level, page + i * pages, length, lo, hi, and & lo, nx | hi);
      }
      i += length;
    }
  }

  /** Entries from `at` on that map consecutive frames with the same flags. */
  #length({ pages }: TableLevel, words: Int32Array, at: number, most: number, lo: number, hi: number): number {
    if (this.#m2p !== undefined) {
      return pages === 1 ? translatedLength(words, at, this.#stride, most, lo, hi, this.#m2p) : 1;
    }
    const beforeCarry = Math.ceil((FRAMES_BELOW_4G - (lo >>> 12)) / pages);
    return plainLength(words, at, this.#stride, Math.min(most, beforeCarry), lo, hi, pages * 4096);
  }

  #found(
    { level, pages }: TableLevel,
    page: number,
    length: number,
    lo: number,
    hi: number,
    and: number,
    nx: number,
  ): void {
    const { mode, cpu } = this.#tables;
    const frame = leafFrame(mode, level, lo, hi, cpu);
    const rights = packRights(and, nx, 0, mode.linearBits > 32 ? hi : 0);
    const flags = (patIndex(level, lo, cpu) << 1) | ((lo & G) !== 0 ? 1 : 0);
    const m2p = this.#m2p;
    if (m2p === undefined) return this.runs.add(page, length, level.shift, frame, rights, flags);
    const pfn = m2p[frame] ?? -1;
    if (pages === 1 || isOneRange(m2p, frame, pages)) {
      return this.runs.add(page, length, level.shift, pfn, rights, flags);
    }
    for (let i = 0; i < pages; i++) this.runs.add(page + i, 1, 12, m2p[frame + i] ?? -1, rights, flags);
  }
}

function plainLength(
  words: Int32Array,
  at: number,
  stride: number,
  most: number,
  lo: number,
  hi: number,
  step: number,
): number {
  let expected = lo & ~VOLATILE;
  for (let length = 1; length < most; length++) {
    at += stride;
    expected = (expected + step) | 0;
    if (((words[at] ?? 0) & ~VOLATILE) !== expected || (stride === 2 && words[at + 1] !== hi)) return length;
  }
  return most;
}

function translatedLength(
  words: Int32Array,
  at: number,
  stride: number,
  most: number,
  lo: number,
  hi: number,
  m2p: Int32Array,
): number {
  const base = frameOf(0, hi);
  let expected = m2p[base + (lo >>> 12)] ?? -1;
  const step = expected < 0 ? 0 : 1;
  for (let length = 1; length < most; length++) {
    at += stride;
    expected += step;
    const word = words[at] ?? 0;
    if (
      ((word ^ lo) & FLAGS) !== 0 || (m2p[base + (word >>> 12)] ?? -1) !== expected ||
      (stride === 2 && words[at + 1] !== hi)
    ) return length;
  }
  return most;
}

/** Whether the frames of a large page are consecutive pfns, or all nobody's. */
function isOneRange(m2p: Int32Array, frame: number, pages: number): boolean {
  const first = m2p[frame] ?? -1;
  const step = first < 0 ? 0 : 1;
  for (let i = 1; i < pages; i++) {
    if ((m2p[frame + i] ?? -1) !== first + i * step) return false;
  }
  return true;
}
