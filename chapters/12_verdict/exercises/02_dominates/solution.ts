/**
 * A solution.
 *
 * Alternatives: two loops and a flag; or, as here, the pairs first and then `every` and
 * `some`, which is the definition itself. With this order the matrix has more than one
 * strategy than which none is better: callback, registry, filter and the two later rules
 * are equals. To choose between them one needs another measure: the cost, the number of
 * operations, or the patience of a maintainer.
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
  const pairs = one.flatMap((row) => {
    const rival = other.find(({ platform }) => platform === row.platform);
    if (rival === undefined || row.void !== undefined || rival.void !== undefined) {
      return [];
    }
    return [{ mine: wrongPages(row), theirs: wrongPages(rival) }];
  });
  return pairs.every(({ mine, theirs }) => mine <= theirs) &&
    pairs.some(({ mine, theirs }) => mine < theirs);
  // End of your lines.
}
