/**
 * A list of runs that grows in the order of linear addresses and joins what belongs together.
 *
 * @module
 */

import type { Linear, Mode } from "../mmu/mod.ts";

/**
 * Runs that one list may hold: 1 GiB of 4K pages no two of which belong together.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MAX_RUNS } from "@pagetable-init/textbook";
 *
 * assertEquals(MAX_RUNS * 4096, 2 ** 30);
 * ```
 */
export const MAX_RUNS: number = 2 ** 18;

/** Consecutive pages of one size that map consecutive frames with the same rights and the same leaf flags. */
export interface LeafRun {
  /** Linear address of the first byte. */
  readonly linear: Linear;
  /** Number of pages, of the size that `pageShift` says. */
  readonly pages: number;
  /** Log2 of the page size. */
  readonly pageShift: number;
  /** Frame of the first page; a pfn if an m2p was given, and then -1 for pages that have none. */
  readonly pfn: number;
  /** Effective rights (`RIGHT_…`): RW and US ANDed over the levels, NX ORed, and the leaf's key in long mode. D is left out. */
  readonly rights: number;
  /** Whether the leaves are global. */
  readonly global: boolean;
  /** PAT index of the leaves. */
  readonly patIndex: number;
}

/** Collects runs. The open one is held in fields, so that a page table costs no object. */
export class RunList {
  readonly #runs: LeafRun[] = [];
  readonly #linearBits: number;
  readonly #upperHalf: number;
  #page = 0;
  #pages = 0;
  #shift = 0;
  #pfn = 0;
  #rights = 0;
  #flags = 0;

  /**
   * @param mode The paging mode, for sign extension.
   */
  constructor({ linearBits }: Mode) {
    this.#linearBits = linearBits;
    this.#upperHalf = linearBits > 32 ? 2 ** (linearBits - 13) : Infinity;
  }

  /**
   * Adds pages behind those that are there.
   *
   * @param page Linear page number of the first, without sign extension.
   * @param pages How many, of the size that `shift` says.
   * @param shift Log2 of the page size.
   * @param pfn Frame of the first; -1 if all have none.
   * @param rights Effective rights.
   * @param flags PAT index times 2, plus 1 for global.
   * @throws {RangeError} After `MAX_RUNS` runs.
   */
  add(page: number, pages: number, shift: number, pfn: number, rights: number, flags: number): void {
    const alike = shift === this.#shift && rights === this.#rights && flags === this.#flags && this.#pages !== 0;
    if (alike && this.#follows(page, pfn)) {
      this.#pages += pages;
      return;
    }
    this.#close();
    this.#page = page;
    this.#pages = pages;
    this.#shift = shift;
    this.#pfn = pfn;
    this.#rights = rights;
    this.#flags = flags;
  }

  /**
   * Ends the list.
   *
   * @returns The runs.
   */
  finish(): LeafRun[] {
    this.#close();
    return this.#runs;
  }

  #follows(page: number, pfn: number): boolean {
    const covered = this.#pages * 2 ** (this.#shift - 12);
    if (page !== this.#page + covered || page === this.#upperHalf) return false;
    return pfn < 0 || this.#pfn < 0 ? pfn === this.#pfn : pfn === this.#pfn + covered;
  }

  #close(): void {
    if (this.#pages === 0) return;
    if (this.#runs.length >= MAX_RUNS) {
      throw new RangeError(`Expected page tables of at most ${MAX_RUNS} runs but found more`);
    }
    this.#runs.push({
      linear: linearOf(this.#page, this.#linearBits),
      pages: this.#pages,
      pageShift: this.#shift,
      pfn: this.#pfn,
      rights: this.#rights,
      global: (this.#flags & 1) !== 0,
      patIndex: this.#flags >>> 1,
    });
    this.#pages = 0;
  }
}

/**
 * 4K pages that one leaf of a run maps.
 *
 * @param run The run.
 * @returns 1, 512, 1024 or 2^18.
 */
export function pagesPerLeaf({ pageShift }: LeafRun): number {
  return 2 ** (pageShift - 12);
}

/**
 * The linear address of a page number, sign-extended in long mode.
 *
 * @param page Linear address divided by 4096, without sign extension.
 * @param linearBits Width of linear addresses.
 * @returns The address, words unsigned.
 */
export function linearOf(page: number, linearBits: number): Linear {
  const lo = (page * 4096) >>> 0;
  if (linearBits === 32) return { hi: 0, lo };
  const unused = 64 - linearBits;
  const hi = Math.floor(page / 0x10_0000);
  return { hi: ((hi << unused) >> unused) >>> 0, lo };
}

/**
 * The address some pages further on.
 *
 * @param linear Where to begin.
 * @param pages 4K pages to go, not negative.
 * @returns The address, words unsigned, wrapping at 2^64.
 */
export function addPages({ hi, lo }: Linear, pages: number): Linear {
  const bytes = lo + pages * 4096;
  return { hi: (hi + Math.floor(bytes / 0x1_0000_0000)) >>> 0, lo: bytes >>> 0 };
}

/**
 * 4K pages from one linear address to another.
 *
 * @param from The lower address.
 * @param to The higher one.
 * @returns Their distance divided by 4096, rounded down; negative if `to` is the lower.
 */
export function pagesBetween(from: Linear, to: Linear): number {
  return (to.hi - from.hi) * 0x10_0000 + (to.lo >>> 12) - (from.lo >>> 12);
}
