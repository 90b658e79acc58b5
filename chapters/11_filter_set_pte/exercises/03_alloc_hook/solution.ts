/**
 * A solution.
 *
 * Alternatives: a direct store to the leaf works as well: Xen emulates it, checks it, and
 * the result is the same. So does `set_pte`, filtered or not, for a filter only stops
 * what adds `RW`. Linux takes the hypercall; it needs one trap instead of the two that a
 * PAE entry costs when it is stored in two halves. None of them needs a flush of its own:
 * Xen flushes when the frame changes its type.
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
  if (entry === undefined || (kernel.bus.load(entry) & P) === 0) return;
  const lo = kernel.bus.load(entry) & ~RW;
  const hi = kernel.bus.entryWords === 2 ? kernel.bus.load(entry + 4) : 0;
  kernel.ops.writeBootLeaf(address, entry, hi, lo);
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
