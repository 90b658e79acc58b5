/**
 * How many cases a run makes.
 *
 * @module
 */

/** `deno task test --quick` makes one case of so many. */
const QUICK_SHARE = 6;

/** Whether this is a run between two edits: the task says so to its tests. */
export const IS_QUICK: boolean = Deno.args.includes("quick");

/**
 * The number of random cases in this run.
 *
 * @param cases The number in a whole run.
 * @returns The same, or a share of it between two edits.
 */
export function inThisRun(cases: number): number {
  return IS_QUICK ? Math.ceil(cases / QUICK_SHARE) : cases;
}
