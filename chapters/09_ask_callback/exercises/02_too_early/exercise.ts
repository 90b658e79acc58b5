/**
 * Find the pages that were asked about too early.
 *
 * A page is mapped by a `set_pte` with `P`. It becomes a table when a `set_pmd` with `P`
 * and without `PS` leads to it. Return the pages that were mapped _writable_ at some time
 * before they became tables: the callback's answer was wrong for them, even if a later
 * one was right. Each page once.
 *
 * `trace` has the writes in their order. The entry that was written is `stored`; bits 12
 * to 31 of `stored.lo` are the machine frame that it leads to, `toPfn` translates it.
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
  for (const { op, stored } of trace) {
    if (op === "set_pmd") early.push(toPfn(stored.lo >>> 12));
  }
  // End of your lines.
  return early.sort((one, other) => one - other);
}
