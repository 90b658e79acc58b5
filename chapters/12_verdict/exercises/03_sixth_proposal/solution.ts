/**
 * A solution.
 *
 * Alternatives: this one remembers each page that the allocator hands out for a table,
 * and filters by page as well as by entry. It is the callback of proposal 2 without an
 * operation, since allocator and filter are both in the kernel; a purist will say that
 * `set_pte` of the back-end now has to be told of the kernel's tables, which is what the
 * merged rule avoided. Two others that pass: take pages for tables only where a leaf is
 * there already, with the filter of 2007 (the idea of Linux 3.9); or from one range (that
 * of 2.6.39). One that is worth a try and is not here: let `set_pte` ask Xen, store what
 * is asked for and, if that is refused, store it without `RW`. In this machine, as in
 * 2007, a refused store ends the domain, so it takes a hypercall that may fail.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { frameOf, RW } from "@pagetable-init/textbook/mmu";
import { findStrategy, maskRw } from "@pagetable-init/textbook/strategies";

/** Pages of which you want to remember something. */
export const known: Set<number> = new Set<number>();

/** Notes a page, and returns it. */
export function remember(pfn: number): number {
  known.add(pfn);
  return pfn;
}

/** The page that an entry leads to, from its two words. */
export function pageOf(kernel: Kernel, hi: number, lo: number): number {
  return kernel.ops.toPfn(frameOf(hi, lo));
}

/** A low word without `RW`. */
export function readOnly(lo: number): number {
  return lo & ~RW;
}

/** What the filter of 2007 makes of the low word `lo` that is asked for in an entry. */
export function filtered(kernel: Kernel, entry: number, lo: number): number {
  return maskRw(kernel.bus.load(entry), lo);
}

export const sixth: Strategy = {
  ...findStrategy("write-always"),
  id: "sixth",
  does: "what you say it does",
  who: "you",
  // Your lines: about ten.
  prepare: () => known.clear(),
  allocTable: (kernel) => remember(kernel.bootmemPage()),
  initSetPte: (kernel, plain) => (entry, hi, lo) => {
    const isTable = known.has(pageOf(kernel, hi, lo));
    plain(entry, hi, isTable ? readOnly(lo) : filtered(kernel, entry, lo));
  },
  // End of your lines.
};
