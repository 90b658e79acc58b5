/**
 * A solution.
 *
 * Alternatives: read the property of the first page and compare `every` other with it, as
 * here; or work with the boundaries. Only a page at which a range begins or ends can
 * differ from the one before, so it is enough to ask about those, which is what a
 * registry with few ranges and large pages of 262,144 small ones would do.
 * `SpecialPages.uniform` of the library is stricter than this exercise: it wants one
 * range to cover all, and builds small pages where two ranges touch. That is safe, and
 * costs TLB entries.
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
  const wanted = propertyAt(ranges, first);
  const others = Array.from(
    { length: pages },
    (_, page) => propertyAt(ranges, first + page),
  );
  return others.every((property) => property === wanted);
  // End of your lines.
}
