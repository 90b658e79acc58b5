/**
 * A solution.
 *
 * Alternatives: compare `asked` and `stored` in all their bits, as here; or look for the
 * one thing that the filter does, `RW` asked for and not there afterwards. Both find the
 * same. To tell a refusal from a filter by `stored` and `old` alone is not always
 * possible: an entry that was `0x061` and is asked to be `0x063` is `0x061` afterwards
 * either way. Here the last write of a boot that stopped is the refused one, so leaving
 * it out is enough.
 *
 * @module
 */

import type { Run } from "@pagetable-init/textbook";
import { frameOf } from "@pagetable-init/textbook/mmu";

export function filteredPages({ trace, kernel, outcome }: Run): number[] {
  const pageOf = ({ lo, hi }: { readonly lo: number; readonly hi: number }) =>
    kernel.ops.toPfn(frameOf(hi, lo));
  const refused = outcome.ok ? undefined : outcome.stop.step;
  const pages = new Set<number>();
  // Your lines: about five.
  for (const { op, step, asked, stored } of trace) {
    if (op !== "set_pte" || step === refused) continue;
    if (asked.lo !== stored.lo) pages.add(pageOf(asked));
  }
  // End of your lines.
  return [...pages].sort((a, b) => a - b);
}
