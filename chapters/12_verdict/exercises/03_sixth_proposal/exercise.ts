/**
 * The sixth proposal: an open exercise.
 *
 * Design a rule for `pagetable_init` that is none of those in this book, and let the matrix judge it. It begins as write-always. What you may add
 * or replace is what a strategy consists of: `mapPage`, `mapLargePage`, `allocTable`, `prepare`, `finish`, `initSetPte`.
 *
 * The tests are a rubric:
 *
 * 1. it boots on every platform
 * 2. every page is right there
 * 3. on bare hardware it writes no entry more than write-always
 * 4. it asks no operation that the kernels of 2007 did not have: neither the callback nor the registry
 * 5. it does not care which pages the allocator hands out first
 * 6. a second boot is like the first
 *
 * The merged rule has five of six, and so have two others of 2007. `kernel.bootmemPage()` is the allocator; `kernel.ops.toPfn(frameOf(lo, hi))` is the page of an
 * entry; `maskRw` is the filter of 2007.
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
  allocTable: (kernel) => kernel.bootmemPage(),
  initSetPte: (kernel, plain) => (entry, lo, hi) => {
    const isTable = known.has(remember(kernel.ops.toPfn(frameOf(lo, hi))));
    plain(entry, isTable && sameFrame(lo, 0) ? maskRw(kernel.bus.load(entry), lo) & ~RW : lo, hi);
  },
  // End of your lines.
};
