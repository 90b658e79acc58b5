/**
 * Ranges of a guest's pages that share an error.
 *
 * @module
 */

import { type Linear, RIGHT_RW } from "../mmu/mod.ts";
import { MAX_RANGES } from "../tables/page_ranges.ts";
import { addPages, type GuestRange, pagesBetween } from "../tables/range_list.ts";
import { firstEndingAfter, stretchesOf } from "./stretches.ts";

/** Consecutive pages with the same error. */
export interface ErrorRange {
  /** Linear address of the first page. */
  readonly linear: Linear;
  /** Number of 4K pages. */
  readonly pages: number;
  /** The guest's number of the page that the first maps; -1 for one that is not the guest's. */
  readonly pfn: number;
  /** Effective rights (`RIGHT_…`). */
  readonly rights: number;
}

/**
 * Adds a part of a range to a list, joined to the last pages of the list where it continues them.
 *
 * @param list Gets it.
 * @param range The range.
 * @param from First 4K page of the part, counted from the range's first; what is below 0 is cut off.
 * @param end Behind its last page; nothing is added unless it is above `from`.
 * @throws {RangeError} If the list has `MAX_RANGES` ranges.
 */
export function addPart(list: ErrorRange[], range: GuestRange, from: number, end: number = range.pages): void {
  const first = Math.max(from, 0);
  if (first >= end) return;
  const { rights } = range;
  const linear = addPages(range.linear, first);
  const pfn = range.pfn < 0 ? -1 : range.pfn + first;
  const last = list[list.length - 1];
  const continues = last !== undefined && last.rights === rights && pagesBetween(last.linear, linear) === last.pages &&
    (pfn < 0 ? last.pfn === pfn : last.pfn >= 0 && last.pfn + last.pages === pfn);
  if (continues) {
    list[list.length - 1] = { ...last, pages: last.pages + end - first };
    return;
  }
  if (list.length >= MAX_RANGES) {
    throw new RangeError(`Expected at most ${MAX_RANGES} ranges with one error but found more`);
  }
  list.push({ linear, pages: end - first, pfn, rights });
}

/**
 * Adds every range that maps one of some pages writable, by any alias.
 *
 * @param list Gets the places.
 * @param pfns The pages, ascending.
 * @param ranges The guest's ranges.
 * @throws {RangeError} After `MAX_RANGES` places.
 */
export function addWritable(list: ErrorRange[], pfns: Int32Array, ranges: readonly GuestRange[]): void {
  const stretches = stretchesOf(pfns);
  for (const range of ranges) {
    const { pfn } = range;
    if (pfn < 0 || (range.rights & RIGHT_RW) === 0) continue;
    const end = pfn + range.pages;
    for (let i = firstEndingAfter(stretches, pfn); i < stretches.length; i++) {
      const stretch = stretches[i];
      if (stretch === undefined || stretch.first >= end) break;
      addPart(list, range, stretch.first - pfn, Math.min(stretch.end, end) - pfn);
    }
  }
}
