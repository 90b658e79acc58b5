/**
 * What did the domain die of?
 *
 * Given a boot that Xen ended by refusing a leaf, say three things: the number of the
 * refused write, the page whose leaf it was (its pfn), and the number of the earlier
 * write that made this page a table, the first of them if the trace has several.
 *
 * The number of the refused write is in the outcome: `outcome.stop.step`, if
 * `outcome.stop.kind` is "refused-by-xen". A page becomes a table when an entry of a
 * higher level is made to point to it, by `set_pmd` or `set_pud`. Some tables were made
 * by the domain builder, or are the root that CR3 names: for these there is no such
 * write, and `tableSince` is undefined.
 *
 * For a boot that ended in any other way return undefined.
 *
 * @module
 */

import type { Run } from "@pagetable-init/textbook";
import { frameOf, P } from "@pagetable-init/textbook/mmu";

/** Why a domain was crashed. */
export interface Cause {
  /** Number of the refused write. */
  readonly refused: number;
  /** The page that was asked for writable. */
  readonly page: number;
  /** Number of the write that made it a table, if there is one. */
  readonly tableSince: number | undefined;
}

export function causeOf({ trace, kernel, outcome }: Run): Cause | undefined {
  const pageOf = ({ lo, hi }: { readonly lo: number; readonly hi: number }) =>
    (lo & P) === 0 ? -1 : kernel.ops.toPfn(frameOf(hi, lo));
  // Your lines: about six.
  return {
    refused: trace.length,
    page: pageOf(trace.at(trace.length).old),
    tableSince: outcome.ok ? 0 : 1,
  };
  // End of your lines.
}
