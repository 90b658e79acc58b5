/**
 * What was taken away?
 *
 * A boot is a list of writes. After some of them the TLB may hold more than the tables
 * allow: those that took a right away from an entry which was there. Find them. Return
 * the numbers of these writes, in order.
 *
 * Each write has its number `step`, and the low words `old.lo` (before), `asked.lo` (what
 * the kernel wanted) and `stored.lo` (what the entry held afterwards: a back-end may have
 * changed or refused it). The rights that matter are `P`, `RW` and `US`.
 *
 * @module
 */

import type { Write } from "@pagetable-init/textbook/boot";
import { P, RW, US } from "@pagetable-init/textbook/mmu";

const RIGHTS = P | RW | US;

export function takenAway(writes: Iterable<Write>): number[] {
  // Your lines: about three.
  return [...writes].filter(({ old, asked }) => ((old.lo ^ asked.lo) & RIGHTS) !== 0).map(
    ({ step }) => step,
  );
  // End of your lines.
}
