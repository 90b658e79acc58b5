/**
 * Better than.
 *
 * Who was right depends on whose machines count. But there is an order that needs no
 * votes: one strategy is better than another if it is worse on no platform and better on
 * at least one.
 *
 * On a platform, fewer wrong pages are better; a boot that stopped is worse than any that
 * went through. `wrongPages` says it in a number, with `Infinity` for a boot that
 * stopped. Of a void cell nothing can be said: leave out a platform if the cell of either
 * strategy is void.
 *
 * `one` and `other` are the rows of two strategies, one for each platform.
 *
 * @module
 */

import type { Row } from "@pagetable-init/textbook";

export function wrongPages({ booted, coverage, permissionErrors }: Row): number {
  if (!booted) return Infinity;
  return coverage.wrongFrame + coverage.unmapped +
    Object.values(permissionErrors).reduce((sum, pages) => sum + pages, 0);
}

export function isBetter(one: readonly Row[], other: readonly Row[]): boolean {
  // Your lines: about five.
  return one.length > other.length;
  // End of your lines.
}
