/**
 * The one kind of branch that no test can take: the default behind an index.
 *
 * The type checker says of each item of a list that it may be missing (`noUncheckedIndexedAccess`). Where the index is always within the
 * list, the default is there for the type checker alone.
 *
 * @module
 */

/** Why no test takes such a branch. */
export const WHY = "the default behind an index that is always within its list, for the type checker";

const DEFAULT = /\](\?\.\w+)? \?\? /g;

/** How many such branches a line of source has. */
export function defaultsIn(line: string): number {
  return [...line.matchAll(DEFAULT)].length;
}
