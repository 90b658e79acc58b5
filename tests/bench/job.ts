/**
 * What a job of the benchmark is.
 *
 * @module
 */

/** What some passes took, and what they found. */
export interface Sample {
  readonly nanoseconds: number;
  /** Sum of all results modulo 2^32: the reference must find the same. */
  readonly checksum: number;
}

/** Work that is done in core/ and, in the same way, in C. */
export interface Job {
  /** What the reference calls it. */
  readonly id: string;
  /** What the report calls it. */
  readonly name: string;
  /** The ratio aimed at. */
  readonly target: number;
  /** Passes that are timed at once. */
  readonly passes: number;
  /** Operations of a pass. */
  readonly operations: number;
  /** Prepares the job. What it returns makes some passes. */
  readonly prepare: () => (passes: number) => Sample;
}
