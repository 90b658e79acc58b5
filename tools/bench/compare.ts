/**
 * From a comparison to its ratio.
 *
 * @module
 */

import type { Comparison } from "./jobs/jobs.ts";
import type { CReference } from "./c_reference.ts";
import { JobWorker } from "./job_worker.ts";
import { Different, ratioOf, ratioToSeconds, type Rounds, short, untilQuiet, type Workload } from "./rounds.ts";

/** A line of the report. */
export interface Result {
  readonly name: string;
  /** Smaller is better. */
  readonly ratio: number;
  readonly target: number;
  /** The reference of the ratio. */
  readonly against: string;
  /** How far the rounds lie apart: the middle half of them, over the median. More than `BUSY_SPREAD` says that the machine is busy. */
  readonly spread: number;
  /** How often the rounds were made until they agreed, or were given up. */
  readonly tries: number;
  /** Why the target is where it is. */
  readonly why: string;
}

/** Passes are made this often before anything counts. */
const WARM_UP = 4;
/** A job held to so many seconds is long… */
const LONG_SECONDS = 2;
/** Rounds that do not agree are made so often; those of a long job once. */
const TRIES = 3;
/** … and not made more often than this. */
const LONG_ROUNDS = 3;

/**
 * Measures.
 *
 * @param comparison What.
 * @param rounds Rounds.
 * @param c The reference in C, where it is needed.
 * @returns The line of the report; undefined if there is no reference.
 * @throws {Different} If both sides do the same work and do not find the same.
 */
export async function compare(
  comparison: Comparison,
  rounds: number,
  c: CReference | undefined,
): Promise<Result | undefined> {
  const { name, target, against, why } = comparison;
  if (against.kind === "c" && c === undefined) return undefined;
  try {
    const { ratio, spread, tries } = await measured(comparison, rounds, c);
    const words = against.kind === "c" ? `C, ${c?.compiler}` : against.name;
    return { name, ratio: short(ratio), target, against: words, spread: short(spread), tries, why };
  } catch (error) {
    if (error instanceof Different) throw new Different(`${name}: ${error.message}`);
    throw error;
  }
}

async function measured(
  { job, against }: Comparison,
  rounds: number,
  c: CReference | undefined,
): Promise<Rounds & { readonly tries: number }> {
  const long = against.kind === "seconds" && against.seconds >= LONG_SECONDS;
  const ours = await JobWorker.start(job, long ? 0 : WARM_UP);
  const other = against.kind === "job" ? await JobWorker.start(against.job, WARM_UP) : undefined;
  const here: Workload = { ...job, side: ours };
  try {
    return await untilQuiet(async () => {
      if (against.kind === "seconds") {
        return await ratioToSeconds(here, against.seconds, long ? Math.min(rounds, LONG_ROUNDS) : rounds);
      }
      if (against.kind === "job" && other !== undefined) {
        return await ratioOf(here, { ...against.job, side: other }, { rounds, sameWork: false });
      }
      if (c === undefined) throw new TypeError("Expected the reference in C");
      return await ratioOf(here, { ...job, side: c.side(job.id) }, { rounds, sameWork: true });
    }, long ? 1 : TRIES);
  } finally {
    ours.close();
    other?.close();
  }
}
