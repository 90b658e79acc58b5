/**
 * The hook.
 *
 * Before a page is linked as a page table under Xen, its leaf must be read-only. Write
 * the alloc hook that sees to that. In Linux 2.6.23 it is `xen_alloc_pt_init`, which
 * calls `make_lowmem_page_readonly`.
 *
 * `entry` is the linear address of the leaf that maps the page, or undefined where there
 * is no table for it yet; `kernel.bus.load(entry)` is the leaf's low word. Where an entry
 * has two words, `kernel.bus.entryWords === 2`, the high one is 4 bytes further on;
 * elsewhere take 0 for it. A page that is not mapped needs no protection.
 *
 * `kernel.ops.writeBootLeaf(address, entry, hi, lo)` asks Xen to write the leaf of
 * `address`. Change nothing in it but `RW`.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { P, RW } from "@pagetable-init/textbook/mmu";
import { findStrategy } from "@pagetable-init/textbook/strategies";

export function makeReadOnly(kernel: Kernel, pfn: number): void {
  const address = kernel.va(pfn);
  const entry = kernel.lookupAddress(address);
  // Your lines: about four.
  if (entry === undefined || (kernel.bus.load(entry) & (P | RW)) === 0) return;
  // End of your lines.
}

/** The merged rule, with this hook in place of its own. */
export const withHook: Strategy = {
  ...findStrategy("filter-set-pte"),
  id: "with-hook",
  prepare: (kernel) => {
    kernel.ops.allocPt = (page) => makeReadOnly(kernel, page);
  },
};
