/**
 * A solution.
 *
 * Alternatives: one range for all tables, found in `prepare` below the end of the boot
 * map, as Linux 2.6.39 did; a page is then a table if it lies in the range. The memory of
 * the third exercise does not survive: it knows its tables, but the first one that no
 * entry maps cannot even be zeroed. That this rule survives a few hundred machines is no
 * proof. It needs free pages that are mapped, and a machine can be thought of whose holes
 * leave none: then it stops, and says so.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import { type Kernel, KERNEL_RELEASES } from "@pagetable-init/textbook/kernel";
import { findStrategy, maskRw } from "@pagetable-init/textbook/strategies";

/** Pages of which you want to remember something. */
export const known: Set<number> = new Set<number>();

/** What the filter of 2007 makes of the low word `lo` that is asked for in an entry. */
export function filtered(kernel: Kernel, entry: number, lo: number): number {
  return maskRw(kernel.bus.load(entry), lo);
}

export const survivor: Strategy = {
  ...findStrategy("write-always"),
  id: "survivor",
  does: "what you say it does",
  who: "you",
  release: { ...KERNEL_RELEASES["2.6.22"] },
  // Your lines: about six.
  allocTable: (kernel) => {
    const isMapped = (pfn: number) => kernel.bus.probe(kernel.va(pfn), true);
    const pfn = kernel.bootmem.take(isMapped);
    kernel.zero(pfn);
    return pfn;
  },
  initSetPte: (kernel, plain) => (entry, hi, lo) =>
    plain(entry, hi, filtered(kernel, entry, lo)),
  // End of your lines.
};
