/**
 * From a comparison to its ratio.
 *
 * @module
 */

import type { Comparison } from "./jobs/jobs.ts";
import type { CReference } from "./c_reference.ts";
import { JobWorker } from "./job_worker.ts";
import { Different, ratioOf, ratioToSeconds, type Workload } from "./rounds.ts";

/** A line of the report. */
export interface Result {
  readonly name: string;
  /** Smaller is better. */
  readonly ratio: number;
  readonly target: number;
  /** The reference of the ratio. */
  readonly against: string;
}

/** Passes are made this often before anything counts. */
const WARM_UP = 4;
/** A job held to so many seconds is long… */
const LONG_SECONDS = 2;
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
  const { name, target, against } = comparison;
  if (against.kind === "c" && c === undefined) return undefined;
  try {
    const ratio = await measured(comparison, rounds, c);
    const words = against.kind === "c" ? `C, ${c?.compiler}` : against.name;
    return { name, ratio: Number(ratio.toPrecision(3)), target, against: words };
  } catch (error) {
    if (error instanceof Different) throw new Different(`${name}: ${error.message}`);
    throw error;
  }
}

async function measured(
  { job, against }: Comparison,
  rounds: number,
  c: CReference | undefined,
): Promise<number> {
  const long = against.kind === "seconds" && against.seconds >= LONG_SECONDS;
  const ours = await JobWorker.start(job, long ? 0 : WARM_UP);
  const other = against.kind === "job" ? await JobWorker.start(against.job, WARM_UP) : undefined;
  const here: Workload = { ...job, side: ours };
  try {
    if (against.kind === "seconds") {
      return await ratioToSeconds(here, against.seconds, long ? Math.min(rounds, LONG_ROUNDS) : rounds);
    }
    if (against.kind === "job" && other !== undefined) {
      return await ratioOf(here, { ...against.job, side: other }, { rounds, sameWork: false });
    }
    if (c === undefined) throw new TypeError("Expected the reference in C");
    return await ratioOf(here, { ...job, side: c.side(job.id) }, { rounds, sameWork: true });
  } finally {
    ours.close();
    other?.close();
  }
}
