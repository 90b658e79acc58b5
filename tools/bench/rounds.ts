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

/** What rounds came to. */
export interface Rounds {
  /** Their median. */
  readonly ratio: number;
  /** How far they lie apart: the middle half of them, over the median. */
  readonly spread: number;
}

/** What rounds of two sides came to. */
export interface TwoSided extends Rounds {
  /** Nanoseconds of an operation here: the median of the rounds. */
  readonly here: number;
  /** The same there. */
  readonly there: number;
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
 * @returns Median and spread of the rounds, and what an operation costs on each side.
 * @throws {Different} If the sums differ.
 */
export async function ratioOf(
  ours: Workload,
  theirs: Workload,
  { rounds, sameWork }: { readonly rounds: number; readonly sameWork: boolean },
): Promise<TwoSided> {
  const here: number[] = [];
  const there: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = await theirs.side.measure(theirs.passes);
    const own = await ours.side.measure(ours.passes);
    const after = await theirs.side.measure(theirs.passes);
    if (sameWork) expectEqual(own, before, after);
    here.push(own.nanoseconds / operationsOf(ours));
    there.push((before.nanoseconds + after.nanoseconds) / 2 / operationsOf(theirs));
  }
  const ratios = here.map((nanoseconds, round) => nanoseconds / (there[round] ?? NaN));
  return { ...summary(ratios), here: median(here), there: median(there) };
}

/**
 * The ratio of what a pass takes to a number of seconds.
 *
 * @param ours Who makes the passes.
 * @param seconds The seconds.
 * @param rounds How many times.
 * @returns Median and spread.
 */
export async function ratioToSeconds(ours: Workload, seconds: number, rounds: number): Promise<Rounds> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { nanoseconds } = await ours.side.measure(ours.passes);
    ratios.push(nanoseconds / ours.passes / 1e9 / seconds);
  }
  return summary(ratios);
}

function summary(ratios: readonly number[]): Rounds {
  const ratio = median(ratios);
  return { ratio, spread: (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio };
}

/**
 * Measures until the rounds agree: a machine that does something else as well gives noise.
 *
 * @param measure Makes some rounds.
 * @param most How often at most.
 * @returns The rounds that lie closest together, and how often they were made.
 */
export async function untilQuiet<R extends Rounds>(
  measure: () => Promise<R>,
  most: number,
): Promise<R & { readonly tries: number }> {
  let best = await measure();
  let tries = 1;
  for (; best.spread > BUSY_SPREAD && tries < most; tries++) {
    const again = await measure();
    if (again.spread < best.spread) best = again;
  }
  return { ...best, tries };
}

/** A spread that says that the machine is busy: on an idle one, the rounds of a job lie within 5 to 15 per cent. */
export const BUSY_SPREAD = 0.25;

/**
 * The median.
 *
 * @param numbers At least one.
 * @returns The one in the middle, or the mean of the two.
 */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** The number below which a share of them lies, between two of them in proportion. */
function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low = NaN, high = NaN] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
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

/** A number in three digits, or as many as are said. */
export function short(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}
