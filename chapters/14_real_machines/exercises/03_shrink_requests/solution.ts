/**
 * A solution.
 *
 * After each success it begins again: with one request gone, another may be left out that
 * could not before. Alternatives: go over the list again and again until a whole round
 * changes nothing, which is the same in fewer words; or leave out halves first, then
 * quarters and so on (Zeller's delta debugging), which asks far less often when the list
 * is long. None of them finds the shortest list, only one that cannot be shortened by
 * one; the shortest would need all subsets.
 *
 * @module
 */

export function shrink<T>(
  requests: readonly T[],
  fails: (some: readonly T[]) => boolean,
): T[] {
  // Your lines: about eight.
  let left = [...requests];
  for (let at = 0; at < left.length;) {
    const without = left.filter((_, index) => index !== at);
    const needed = !fails(without);
    if (!needed) left = without;
    // a shorter list: what was needed before may not be needed now
    at = needed ? at + 1 : 0;
  }
  return left;
  // End of your lines.
}
