/**
 * A solution.
 *
 * It looks ahead from each page, in both directions. Alternatives: one pass that extends
 * the run at hand while the difference stays the same, and begins a new one with the last
 * two pages when it changes; that is faster and easier to get wrong, since the page at
 * which a run turns belongs to both. What the run does not tell is the difference between
 * the lowest pages and a range: for that look at its first page.
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
  let best: PageRun | undefined;
  for (let at = 0; at < tables.length; at++) {
    const first = tables[at] ?? 0;
    for (const step of [1, -1] as const) {
      let pages = 1;
      while (tables[at + pages] === first + pages * step) pages++;
      if (pages > (best?.pages ?? 0)) best = { first, pages, step };
    }
  }
  return best;
  // End of your lines.
}
