/**
 * The sixth proposal: an open exercise.
 *
 * Design a rule for `pagetable_init` and let the whole matrix judge it. It begins as
 * write-always. What follows may be added to it or replaced:
 *
 * - `prepare(kernel)` is called once, before the first entry is written, and
 *   `finish(kernel)` once, after the last;
 * - `mapPage` and `mapLargePage` are called for each page of lowmem that is due, and
 *   write its entry;
 * - `allocTable(kernel)` takes and zeroes a page for a table and returns its pfn;
 *   `kernel.bootmemPage()` does it as always, and `kernel.bootmem.take(fits)` takes the
 *   first free page for which `fits(pfn)` is true;
 * - `initSetPte(kernel, plain)` returns the `set_pte` that Xen's back-end has until the
 *   tables are finished; `plain(entry, hi, lo)` is the ordinary one.
 *
 * The tests are a rubric. Most items are claims of the mail (`chapters/claims.md`):
 *
 * 1. it boots on every platform (C8, C9)
 * 2. every page is right there (C4 to C6, C19, C20)
 * 3. on bare hardware it writes no entry more than write-always (C26)
 * 4. it asks no operation that the kernels of 2007 did not have: neither the callback nor
 * the registry (C11)
 * 5. when the tables are finished, the ordinary `set_pte` is back: a page that is a table
 * no more can be written again (C24, C27)
 * 6. it does not care which pages the allocator hands out first
 * 7. a second boot is like the first
 * 8. a table is empty when it is linked, in memory that was used before too
 *
 * The merged rule passes all but the sixth, the callback and the registry all but the
 * fourth. There is more than one way to pass them all. Some helpers are given; none of
 * them has to be used. When your rule passes, let `deno task hunt --strategy` look for a
 * machine on which it fails; exercise 5 does that too, without the aid of 2008.
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
  allocTable: (kernel) => kernel.bootmemPage(),
  initSetPte: (_kernel, plain) => plain,
  // End of your lines.
};
