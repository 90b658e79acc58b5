/**
 * The shape of a job of the benchmark.
 *
 * @module
 */

/** Time and results of some passes. */
export interface Sample {
  readonly nanoseconds: number;
  /** Sum of all results modulo 2^32: whoever does the same work must find the same. */
  readonly checksum: number;
}

/** Work that is done in core/ and timed. */
export interface Job {
  /** Its name in the C reference; undefined if C has no such job. */
  readonly id: string;
  /** Passes that are timed at once. */
  readonly passes: number;
  /** Operations of a pass. */
  readonly operations: number;
  /** Prepares the job. What it returns makes some passes. */
  readonly prepare: () => (passes: number) => Sample;
}

/**
 * A job's `prepare` from what prepares one pass, for passes that are timed whole.
 *
 * @param pass Prepares a pass and returns what makes it: a number, the sum of what was found.
 * @returns The function.
 */
export function timed(pass: () => () => number): Job["prepare"] {
  return () => {
    const one = pass();
    return (passes) => {
      const begun = performance.now();
      let checksum = 0;
      for (let i = 0; i < passes; i++) checksum = (checksum + one()) >>> 0;
      return { nanoseconds: (performance.now() - begun) * 1e6, checksum };
    };
  };
}
