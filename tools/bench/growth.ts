/**
 * Time and memory against size: what is claimed to be linear is, if a thousand times as much takes a thousand times as long.
 *
 * @module
 */

import { runDeno } from "../command/process.ts";

/** What some work took with one size. */
export interface Growth {
  readonly name: string;
  /** What a size counts. */
  readonly of: string;
  readonly size: number;
  readonly seconds: number;
  /** MiB that its result holds. */
  readonly mebibytes: number;
}

/**
 * Measures all work with all sizes, in a process of its own.
 *
 * @returns The lines of the report; or why there are none.
 */
export async function measureGrowth(): Promise<readonly Growth[] | string> {
  const args = ["run", "-q", "--no-prompt", "--v8-flags=--expose-gc", "tools/bench/growth_process.ts"];
  const { code, out, err } = await runDeno(args);
  return code === 0 ? JSON.parse(out) : err;
}
