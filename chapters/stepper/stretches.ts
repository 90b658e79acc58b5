/**
 * Stretches of a boot: writes that do the same to one page after the other. The states at both ends of a stretch show what each write did.
 *
 * @module
 */

import { frameOf, NX } from "../../core/mmu/mod.ts";
import type { Trace, Write } from "../../core/trace/mod.ts";

/** Writes one after the other, `first` to `last`; write `first + n` asks for page `page + n`. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  /** The page that the first write asks for. */
  readonly page: number;
}

/** The pfn of an entry's frame; -1 for a frame that is not the guest's. */
export type ToPfn = (frame: number) => number;

type Words = Write["old"];

function pageOf({ lo, hi }: Words, toPfn: ToPfn): number {
  return toPfn(frameOf(hi, lo));
}

/** Whether two entries have the same flags. */
function sameFlags(a: Words, b: Words): boolean {
  return ((a.lo ^ b.lo) & 0xfff) === 0 && ((a.hi ^ b.hi) & NX) === 0;
}

/** Whether an entry goes on where the one before it stopped: nothing after nothing, or the next page. */
function goesOn(before: Words, after: Words, toPfn: ToPfn): boolean {
  if (!sameFlags(before, after)) return false;
  if ((before.lo | before.hi | after.lo | after.hi) === 0) return true;
  return pageOf(after, toPfn) === pageOf(before, toPfn) + 1;
}

function follows(before: Write, after: Write, toPfn: ToPfn): boolean {
  return after.op === before.op && after.pfn === before.pfn && after.index === before.index + 1 &&
    goesOn(before.old, after.old, toPfn) && goesOn(before.asked, after.asked, toPfn) &&
    goesOn(before.stored, after.stored, toPfn);
}

/**
 * Cuts a boot into stretches.
 *
 * @param trace Its writes.
 * @param toPfn Gives the pfn of an entry's frame.
 * @param alone Writes that must each be a stretch of their own.
 * @returns All writes, each in one stretch.
 */
export function stretchesOf(trace: Trace, toPfn: ToPfn, alone: ReadonlySet<number>): Stretch[] {
  const stretches: Stretch[] = [];
  let first: Write | undefined;
  let before: Write | undefined;
  const end = () => {
    if (first === undefined || before === undefined) return;
    stretches.push({ first: first.step, last: before.step, page: pageOf(first.asked, toPfn) });
  };
  for (const write of trace) {
    const joins = before !== undefined && !alone.has(write.step) && follows(before, write, toPfn);
    if (!joins) {
      end();
      first = write;
    }
    before = write;
  }
  end();
  return stretches;
}

/** The write of a stretch that asked for a page, or undefined if none did. */
export function writeFor({ first, last, page }: Stretch, pfn: number): number | undefined {
  const step = first + pfn - page;
  return first === last ? last : step >= first && step <= last ? step : undefined;
}
