/**
 * What was filtered?
 *
 * Go through the trace of a boot under Xen and return the pages whose leaves were not
 * stored as they were asked for: those that the filter had an effect on. Each page once,
 * in order of pfn.
 *
 * A trace has every entry written, by whatever operation, with the entry before (`old`),
 * as asked for (`asked`) and as it was afterwards (`stored`). A write that Xen refused is
 * in it too: it left the entry as it was. That is no work of the filter.
 *
 * `pageOf` is the pfn that an entry leads to.
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
  for (const { asked, step } of trace) if (step !== refused) pages.add(pageOf(asked));
  // End of your lines.
  return [...pages].sort((a, b) => a - b);
}
