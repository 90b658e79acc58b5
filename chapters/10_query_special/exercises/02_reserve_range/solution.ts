/**
 * A solution.
 *
 * Alternatives: ask of each page of `wanted` what it is, which is simple and slow for a
 * range of a GiB; or keep the list in the order of pages, and look only at the neighbours
 * of the place where `wanted` belongs. Ranges that only touch may be put into one as
 * well.
 *
 * @module
 */

import type { SpecialRange } from "@pagetable-init/textbook/paravirt";

export function reserve(
  ranges: readonly SpecialRange[],
  wanted: SpecialRange,
): readonly SpecialRange[] | undefined {
  // Your lines: about five.
  const overlapping = ranges.filter(({ first, end }) =>
    first < wanted.end && end > wanted.first
  );
  if (overlapping.some(({ property }) => property !== wanted.property)) return undefined;
  const first = Math.min(wanted.first, ...overlapping.map((range) => range.first));
  const end = Math.max(wanted.end, ...overlapping.map((range) => range.end));
  return [...ranges.filter((range) => !overlapping.includes(range)), {
    ...wanted,
    first,
    end,
  }];
  // End of your lines.
}
