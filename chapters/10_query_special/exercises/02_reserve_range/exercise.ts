/**
 * Reserve a range.
 *
 * Two answers about one page would be worse than none: two mappings of a frame must not
 * disagree about caching. So a registry has to refuse. Add `wanted` to a list of special
 * ranges and return the new list; the old one stays as it is. If a page of `wanted` is
 * special already in another way, return undefined. If it is special already in the same
 * way, no harm is done, but each page may be in one range only: put the ranges that
 * overlap `wanted` into one.
 *
 * A range holds the pages from `first` up to, but not including, `end`. Neither it nor
 * `wanted` is empty.
 *
 * @module
 */

import type { SpecialRange } from "@pagetable-init/textbook/paravirt";

export function reserve(
  ranges: readonly SpecialRange[],
  wanted: SpecialRange,
): readonly SpecialRange[] | undefined {
  // Your lines: about five.
  return [...ranges, wanted];
  // End of your lines.
}
