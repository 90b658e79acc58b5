/**
 * Runs of lowmem, made few enough to draw.
 *
 * @module
 */

/** Pages `firstPfn` to `firstPfn + pages - 1`. */
export interface Run {
  readonly firstPfn: number;
  readonly pages: number;
}

/**
 * At most `limit` runs that hide no error: if there are too many to draw, each of `limit` equal stretches of
 * memory takes the worst run that touches it.
 *
 * @param runs Runs in order of address.
 * @param limit Most runs to return; at least 1.
 * @param badness Ranks a run; the larger number wins.
 * @returns The runs themselves if they are few, else as many stretches or fewer, in order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { thinRuns } from "./runs.ts";
 *
 * const runs = [{ firstPfn: 0, pages: 5, bad: 0 }, { firstPfn: 5, pages: 1, bad: 1 }, { firstPfn: 6, pages: 2, bad: 0 }];
 * assertEquals(thinRuns(runs, 2, (run) => run.bad), [
 *   { firstPfn: 0, pages: 4, bad: 0 },
 *   { firstPfn: 4, pages: 4, bad: 1 },
 * ]);
 * ```
 */
export function thinRuns<T extends Run>(runs: readonly T[], limit: number, badness: (run: T) => number): T[] {
  if (runs.length <= limit) return [...runs];
  const end = Math.max(...runs.map((run) => run.firstPfn + run.pages));
  const stretch = Math.ceil(end / limit);
  const worst = new Map<number, T>();
  for (const run of runs) {
    const last = Math.ceil((run.firstPfn + run.pages) / stretch);
    for (let at = Math.floor(run.firstPfn / stretch); at < last; at++) {
      const found = worst.get(at);
      if (found === undefined || badness(run) > badness(found)) worst.set(at, run);
    }
  }
  const order = [...worst].sort(([a], [b]) => a - b);
  return order.map(([at, run]) => ({
    ...run,
    firstPfn: at * stretch,
    pages: Math.min(stretch, end - at * stretch),
  }));
}
