/**
 * A solution.
 *
 * Alternatives: this one remembers each page that the allocator hands out for a table, and filters by page as well as by entry. By entry only
 * where the frame stays the same: with the highest pages first, an entry may be read-only for the sake of another page that was seen through it. It is the
 * callback of proposal 2 without an operation, since allocator and filter are both in the kernel; a purist will say that `set_pte` of the back-end now
 * has to be told of the kernel's tables, which is what the merged rule avoided. Others that pass: take table pages only where a leaf is there already
 * (Linux 3.9), or from one range (2.6.39). One that is worth a try and is not here: let `set_pte` ask Xen, store what is asked for and, if that
 * is refused, store it without `RW`. In this machine, as in 2007, a refused store ends the domain, so it takes a hypercall that may fail.
 *
 * @module
 */

import { findStrategy, frameOf, maskRw, RW, type Strategy } from "@pagetable-init/textbook";

/** Pages of which you want to remember something. */
const known = new Set<number>();

/** Notes a page, and returns it. */
function remember(pfn: number): number {
  known.add(pfn);
  return pfn;
}

/** Whether two low words of entries name the same frame. */
function sameFrame(one: number, other: number): boolean {
  return (one ^ other) >>> 12 === 0;
}

export const sixth: Strategy = {
  ...findStrategy("write-always"),
  id: "sixth",
  does: "what you say it does",
  who: "you",
  // Your lines: about ten.
  prepare: () => known.clear(),
  allocTable: (kernel) => remember(kernel.bootmemPage()),
  initSetPte: (kernel, plain) => (entry, lo, hi) => {
    const old = kernel.bus.load(entry);
    const isTable = known.has(kernel.ops.toPfn(frameOf(lo, hi)));
    plain(entry, isTable ? lo & ~RW : sameFrame(old, lo) ? maskRw(old, lo) : lo, hi);
  },
  // End of your lines.
};
