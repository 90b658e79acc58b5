/**
 * Rounds: the other side, ours, the other side again. Whatever slows the machine down slows both.
 *
 * @module
 */

import type { Sample } from "./jobs/job.ts";

/** The side that does a job. */
export interface Side {
  /** Makes some passes. */
  readonly measure: (passes: number) => Promise<Sample>;
}

/** A side, and how much a measurement of it is. */
export interface Workload {
  readonly side: Side;
  readonly passes: number;
  /** Operations of a pass. */
  readonly operations: number;
}

/** Two sides that did the same work did not find the same. */
export class Different extends Error {
  override readonly name = "Different";
}

/**
 * The ratio of two sides: by round what an operation costs here, over the mean of what it costs there just before and just after.
 *
 * @param ours Ours.
 * @param theirs The other.
 * @param options `rounds`: how many. `sameWork`: whether the sums of what both found must be equal.
 * @returns The median of the rounds.
 * @throws {Different} If the sums differ.
 */
export async function ratioOf(
  ours: Workload,
  theirs: Workload,
  { rounds, sameWork }: { readonly rounds: number; readonly sameWork: boolean },
): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = await theirs.side.measure(theirs.passes);
    const here = await ours.side.measure(ours.passes);
    const after = await theirs.side.measure(theirs.passes);
    if (sameWork) expectEqual(here, before, after);
    const there = (before.nanoseconds + after.nanoseconds) / 2;
    ratios.push(here.nanoseconds / operationsOf(ours) / (there / operationsOf(theirs)));
  }
  return median(ratios);
}

/**
 * The ratio of what a pass takes to a number of seconds.
 *
 * @param ours Who makes the passes.
 * @param seconds The seconds.
 * @param rounds How many times.
 * @returns The median.
 */
export async function ratioToSeconds(ours: Workload, seconds: number, rounds: number): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { nanoseconds } = await ours.side.measure(ours.passes);
    ratios.push(nanoseconds / ours.passes / 1e9 / seconds);
  }
  return median(ratios);
}

/**
 * The median.
 *
 * @param numbers At least one.
 * @returns The one in the middle, or the mean of the two.
 */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

function operationsOf({ passes, operations }: Workload): number {
  return passes * operations;
}

function expectEqual(here: Sample, ...there: readonly Sample[]): void {
  const other = there.find(({ checksum }) => checksum !== here.checksum);
  if (other !== undefined) {
    throw new Different(`the sum of all results is ${here.checksum} here and ${other.checksum} there`);
  }
}
