/**
 * Give it back.
 *
 * The range for page tables turned out too large. When the tables are finished, pages
 * from `end` up to `top` were never used. They are mapped read-only, since they might
 * have become tables. Give them back, in two steps: each page becomes an ordinary page
 * again, writable, and the allocator may hand them out.
 *
 * `kernel.ops.releasePt(pfn)` makes a page writable under Xen, and does nothing natively.
 * `kernel.bootmem.free(from, to)` gives the pages `from` to `to` - 1 back to the
 * allocator.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy, pgtBufOf } from "@pagetable-init/textbook/strategies";

export function giveBack(kernel: Kernel): void {
  const { end, top } = pgtBufOf(kernel);
  // Your lines: about four.
  if (end > top) kernel.bootmem.free(top, end);
  // End of your lines.
}

/** The rule of 2.6.39 with this end. */
export const generous: Strategy = {
  ...findStrategy("table-range"),
  id: "generous",
  finish: giveBack,
};
