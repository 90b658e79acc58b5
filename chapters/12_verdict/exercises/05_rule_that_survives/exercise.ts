/**
 * A rule that survives.
 *
 * The third exercise lends every kernel the aid of 2008, `early_ioremap`. Here nobody
 * lends anything: machines are made at random, some with the aid and some without, with
 * holes in memory, with bootmem from below or from the top, with a small template or a
 * large one. Your rule must boot on all of them, with every page right.
 *
 * Without the aid a page can be zeroed only where it is mapped, and its leaf can be made
 * read-only only where it has one. So which pages may become tables?
 *
 * - `kernel.bootmem.take(fits)` takes the first free page for which `fits(pfn)` is true;
 * - `kernel.va(pfn)` is the address at which a page of lowmem is, or will be, mapped;
 * - `kernel.bus.probe(address, true)` says whether a store to an address would succeed;
 * - `kernel.zero(pfn)` fills a page with zeros;
 * - `filtered(kernel, entry, lo)` is the low word that the merged rule makes of `lo`.
 *
 * The kernel of this rule is its own, 2.6.22: the hunt leaves it as it is.
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
  allocTable: (kernel) => kernel.bootmemPage(),
  initSetPte: (_kernel, plain) => plain,
  // End of your lines.
};
