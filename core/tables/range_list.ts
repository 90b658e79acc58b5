/**
 * Ranges of pages: neighbours with the same rights and flags that map consecutive frames are joined.
 *
 * @module
 */

import type { Linear, Mode } from "../mmu/mod.ts";

/** Consecutive pages of one size with the same rights and the same leaf flags. */
export interface MappedRange {
  /** Linear address of the first byte. */
  readonly linear: Linear;
  /** Number of 4K pages. */
  readonly pages: number;
  /** Log2 of the size of the pages that map them. */
  readonly pageShift: number;
  /** Effective rights (`RIGHT_…`): RW and US ANDed over the levels, NX ORed, and the leaf's key in long mode. D is left out. */
  readonly rights: number;
  /** Whether the leaves are global. */
  readonly global: boolean;
  /** PAT index of the leaves. */
  readonly patIndex: number;
}

/** Consecutive pages that map consecutive machine frames. */
export interface PageRange extends MappedRange {
  /** Frame of the first page. */
  readonly frame: number;
}

/** Consecutive pages that map consecutive pages of a guest. */
export interface GuestRange extends MappedRange {
  /** The guest's number of the first page; -1 for pages that are not the guest's. */
  readonly pfn: number;
}

/** Leaf flags of a range in one number: PAT index times 2, plus 1 for global. */
export function packLeafFlags(patIndex: number, global: boolean): number {
  return (patIndex << 1) | (global ? 1 : 0);
}

/**
 * Receives the ranges of a `RangeJoiner`.
 *
 * @param page Linear page number of the first page, without sign extension.
 * @param pages Number of 4K pages.
 * @param shift Log2 of the page size.
 * @param first Frame or pfn of the first page; -1 if all have none.
 * @param rights Effective rights.
 * @param flags `packLeafFlags`.
 */
export type TakeRange = (
  page: number,
  pages: number,
  shift: number,
  first: number,
  rights: number,
  flags: number,
) => void;

/** Joins pages, added in the order of linear addresses, to ranges. Fields hold the open range, so that a page table costs no object. */
export class RangeJoiner {
  readonly #take: TakeRange;
  readonly #upperHalf: number;
  #page = 0;
  #pages = 0;
  #shift = 0;
  #first = 0;
  #rights = 0;
  #flags = 0;

  /**
   * @param mode The paging mode: no range crosses from the lower half of a 64-bit address space to the upper one.
   * @param take Gets each range when it is complete.
   */
  constructor({ linearBits }: Mode, take: TakeRange) {
    this.#take = take;
    this.#upperHalf = linearBits > 32 ? 2 ** (linearBits - 13) : Infinity;
  }

  /** Adds pages behind those that are there; parameters as `TakeRange` has them. */
  add(page: number, pages: number, shift: number, first: number, rights: number, flags: number): void {
    const alike = shift === this.#shift && rights === this.#rights && flags === this.#flags && this.#pages !== 0;
    if (alike && this.#follows(page, first)) {
      this.#pages += pages;
      return;
    }
    this.finish();
    this.#page = page;
    this.#pages = pages;
    this.#shift = shift;
    this.#first = first;
    this.#rights = rights;
    this.#flags = flags;
  }

  /** Hands out the open range. */
  finish(): void {
    if (this.#pages !== 0) this.#take(this.#page, this.#pages, this.#shift, this.#first, this.#rights, this.#flags);
    this.#pages = 0;
  }

  #follows(page: number, first: number): boolean {
    if (page !== this.#page + this.#pages || page === this.#upperHalf) return false;
    return first < 0 || this.#first < 0 ? first === this.#first : first === this.#first + this.#pages;
  }
}

/** Makes a range of its first frame or pfn and its other fields; the flags are `packLeafFlags`. A map may have very many ranges, so each is one object. */
export type MakeRange<T> = (
  first: number,
  linear: Linear,
  pages: number,
  pageShift: number,
  rights: number,
  flags: number,
) => T;

/** Makes a range of machine frames. */
export function makePageRange(
  frame: number,
  linear: Linear,
  pages: number,
  pageShift: number,
  rights: number,
  flags: number,
): PageRange {
  return { linear, pages, pageShift, rights, global: (flags & 1) !== 0, patIndex: flags >>> 1, frame };
}

/** Makes a range of a guest's pages. */
export function makeGuestRange(
  pfn: number,
  linear: Linear,
  pages: number,
  pageShift: number,
  rights: number,
  flags: number,
): GuestRange {
  return { linear, pages, pageShift, rights, global: (flags & 1) !== 0, patIndex: flags >>> 1, pfn };
}

/**
 * 4K pages that one leaf of a range maps.
 *
 * @param range The range.
 * @returns 1, 512, 1024 or 2^18.
 */
export function pagesPerLeaf({ pageShift }: MappedRange): number {
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
 * The page number of a linear address, the inverse of `linearOf`.
 *
 * @param linear The address.
 * @param linearBits Width of linear addresses.
 * @returns Linear page number without sign extension; the first one of the upper half for an address that is not canonical.
 */
export function pageOf({ hi, lo }: Linear, linearBits: number): number {
  if (linearBits <= 32) return lo >>> 12;
  const page = (hi % 2 ** (linearBits - 32)) * 0x10_0000 + (lo >>> 12);
  const upper = 2 ** (linearBits - 13);
  return hi >= 0x8000_0000 && page < upper ? upper : page;
}

/**
 * The last byte of some pages.
 *
 * @param linear Linear address of the first page.
 * @param pages Number of 4K pages, at least 1.
 * @returns Its address, words unsigned.
 */
export function lastByte(linear: Linear, pages: number): Linear {
  const { hi, lo } = addPages(linear, pages - 1);
  return { hi, lo: (lo | 0xfff) >>> 0 };
}

/**
 * The address a number of pages above another.
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
