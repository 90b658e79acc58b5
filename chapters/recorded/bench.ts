/**
 * The last recorded results of the benchmark, and the measurements of prototypes from before the library.
 *
 * `deno task -q bench --json > chapters/recorded/bench.json` records it anew: a shared machine with two processors is enough, since
 * only ratios are kept.
 *
 * @module
 */

import bench from "./bench.json" with { type: "json" };

/** A line of the benchmark. */
export interface Ratio {
  /** The work that is measured. */
  readonly name: string;
  /** Its time divided by the reference's: smaller is better. */
  readonly ratio: number;
  /** The ratio aimed at. */
  readonly target: number;
  /** The reference: the same work done elsewhere. */
  readonly against: string;
}

/** The ratios, in the order of the report. */
export const BENCH: readonly Ratio[] = Object.freeze(bench.results);

/** The same work on the same data, held in another way. */
export interface Representation {
  /** The part whose representation was varied. */
  readonly of: "memory" | "result of a walk" | "TLB";
  /** The representation. */
  readonly as: string;
  /** Minimum and maximum of the measured times, divided by that of the same work in C. */
  readonly min: number;
  readonly max: number;
}

/**
 * What representation costs: prototypes of a PAE walk and a TLB, written before this library to choose from, measured as the benchmark
 * measures (C, ours, C; equal sums; medians). Walks page after page and at random, 896 MiB in 4K pages; hits in a TLB of 1,024 lines.
 */
export const REPRESENTATIONS: readonly Representation[] = Object.freeze<Representation[]>([
  { of: "memory", as: "one Int32Array, two words an entry", min: 2.2, max: 3.3 },
  { of: "memory", as: "a Map from frame to typed array", min: 7.8, max: 9.8 },
  { of: "memory", as: "BigUint64Array, entries as bigint", min: 28, max: 38 },
  { of: "result of a walk", as: "one small integer", min: 2.2, max: 2.4 },
  { of: "result of a walk", as: "fields of an object used again", min: 3, max: 3.8 },
  { of: "result of a walk", as: "a new object each time", min: 4.7, max: 5.1 },
  { of: "TLB", as: "one Int32Array, four words a line", min: 2.5, max: 3.6 },
  { of: "TLB", as: "objects that are changed", min: 3.4, max: 7 },
  { of: "TLB", as: "a Map from page to object", min: 15, max: 30 },
]);
