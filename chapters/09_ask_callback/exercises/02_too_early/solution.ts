/**
 * A solution.
 *
 * Alternatives: two passes, one that notes the step at which each page was mapped, one
 * that compares. Or no trace at all: a page that is a table in the end and for which the
 * callback once said "writable". Both give the same here; the trace also says how long
 * the page was writable.
 *
 * @module
 */

import type { Write } from "@pagetable-init/textbook/boot";
import { P, PS, RW } from "@pagetable-init/textbook/mmu";

export function askedTooEarly(
  trace: readonly Write[],
  toPfn: (mfn: number) => number,
): number[] {
  const early: number[] = [];
  // Your lines: about eight.
  const writable = new Set<number>();
  for (const { op, stored: { lo } } of trace) {
    if ((lo & P) === 0) continue;
    const pfn = toPfn(lo >>> 12);
    if (op === "set_pte" && (lo & RW) !== 0) writable.add(pfn);
    if (op === "set_pmd" && (lo & PS) === 0 && writable.delete(pfn)) early.push(pfn);
  }
  // End of your lines.
  return early.sort((one, other) => one - other);
}
