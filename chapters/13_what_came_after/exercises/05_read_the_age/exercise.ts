/**
 * Read the age.
 *
 * A kernel can be dated by the pages that it made page tables. One that takes the lowest
 * free pages, or pages of one range, has a long ascending run among them: each table is
 * the page after the last one. One that takes them from the top of what it has mapped has
 * a long descending run. Given the pages in the order in which they became tables, find
 * the longest run of consecutive pages, upwards or downwards.
 *
 * Return its first page, its number of pages, and `step`: 1 upwards, -1 downwards. Of two
 * runs of one length return the earlier. A page alone is a run of one, upwards. Without
 * any page return undefined.
 *
 * @module
 */

/** Consecutive pages. */
export interface PageRun {
  readonly first: number;
  readonly pages: number;
  readonly step: 1 | -1;
}

export function longestRun(tables: readonly number[]): PageRun | undefined {
  // Your lines: about nine.
  const [first] = tables;
  return first === undefined ? undefined : { first, pages: tables.length, step: 1 };
  // End of your lines.
}
