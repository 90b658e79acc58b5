/**
 * Runs of pages that share an error.
 *
 * @module
 */

import { type Linear, RIGHT_RW } from "../mmu/mod.ts";
import { addPages, type LeafRun, MAX_RUNS, pagesBetween, pagesPerLeaf } from "./run_list.ts";

/** Consecutive pages with the same error. */
export interface ErrorRun {
  /** Linear address of the first. */
  readonly linear: Linear;
  /** Number of 4K pages. */
  readonly pages: number;
  /** Frame that the first maps, as a pfn where the audit knows the guest; -1 for one that is not the guest's. */
  readonly pfn: number;
  /** Their effective rights (`RIGHT_…`). */
  readonly rights: number;
}

/**
 * Adds a part of a run of leaves, joined to the last pages of the list where it continues them.
 *
 * @param list Gets it.
 * @param run The leaves.
 * @param from First 4K page of the part, counted from the run's first; what is below 0 is cut off.
 * @param end Behind its last page; nothing is added unless it is above `from`.
 * @throws {RangeError} If the list has `MAX_RUNS` runs.
 */
export function addPart(
  list: ErrorRun[],
  run: LeafRun,
  from: number,
  end: number = run.pages * pagesPerLeaf(run),
): void {
  const first = Math.max(from, 0);
  if (first >= end) return;
  const { rights } = run;
  const linear = addPages(run.linear, first);
  const pfn = run.pfn < 0 ? -1 : run.pfn + first;
  const last = list[list.length - 1];
  const continues = last !== undefined && last.rights === rights && pagesBetween(last.linear, linear) === last.pages &&
    (pfn < 0 ? last.pfn === pfn : last.pfn >= 0 && last.pfn + last.pages === pfn);
  if (continues) {
    list[list.length - 1] = { ...last, pages: last.pages + end - first };
    return;
  }
  if (list.length >= MAX_RUNS) throw new RangeError(`Expected at most ${MAX_RUNS} runs with one error but found more`);
  list.push({ linear, pages: end - first, pfn, rights });
}

/**
 * Adds every place where one of some frames is mapped writable, by whatever alias.
 *
 * @param list Gets the places.
 * @param frames The frames, ascending: pfns if those of the runs are.
 * @param runs The leaves.
 * @throws {RangeError} After `MAX_RUNS` places.
 */
export function addWritable(list: ErrorRun[], frames: Int32Array | Float64Array, runs: readonly LeafRun[]): void {
  const stretches = stretchesOf(frames);
  for (const run of runs) {
    const { pfn } = run;
    if (pfn < 0 || (run.rights & RIGHT_RW) === 0) continue;
    const end = pfn + run.pages * pagesPerLeaf(run);
    for (let i = firstEndingAfter(stretches, pfn); i < stretches.length; i++) {
      const stretch = stretches[i];
      if (stretch === undefined || stretch.first >= end) break;
      addPart(list, run, stretch.first - pfn, Math.min(stretch.end, end) - pfn);
    }
  }
}

/** Consecutive frames, `end` not among them. */
interface Stretch {
  readonly first: number;
  readonly end: number;
}

function stretchesOf(sorted: Int32Array | Float64Array): Stretch[] {
  const stretches: Stretch[] = [];
  let first = sorted[0] ?? 0;
  for (const [i, frame] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next === frame + 1) continue;
    stretches.push({ first, end: frame + 1 });
    first = next ?? 0;
  }
  return stretches;
}

function firstEndingAfter(stretches: readonly Stretch[], frame: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stretches[middle]?.end ?? Infinity) <= frame) low = middle + 1;
    else high = middle;
  }
  return low;
}
