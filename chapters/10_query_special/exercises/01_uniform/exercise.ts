/**
 * One answer for a large page.
 *
 * A large page has one set of flags, so its pages must all have the same property, or all
 * have none. Say whether that is so for `pages` pages from `first` on. What counts is the
 * answer for each page, not how the list happens to be cut: two ranges that touch and
 * have the same property are as good as one.
 *
 * `propertyAt` answers for a page.
 *
 * @module
 */

import type { PageProperty, SpecialRange } from "@pagetable-init/textbook/paravirt";

export function propertyAt(
  ranges: readonly SpecialRange[],
  pfn: number,
): PageProperty | undefined {
  return ranges.find(({ first, end }) => pfn >= first && pfn < end)?.property;
}

export function isUniform(
  ranges: readonly SpecialRange[],
  first: number,
  pages: number,
): boolean {
  // Your lines: about three.
  return propertyAt(ranges, first) === undefined && pages > 0;
  // End of your lines.
}
