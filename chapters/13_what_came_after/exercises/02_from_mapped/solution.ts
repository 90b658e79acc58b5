/**
 * A solution.
 *
 * Alternatives: keep a number, the highest page mapped so far, and compare with that:
 * cheaper than a probe, which is what Linux does (it maps in steps and knows how far it
 * is). A probe asks the CPU instead, and is right whatever order the mapping is done in.
 * To clear the page through a borrowed address instead of asking for a mapped one is how
 * one gets back into the hole.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";

export function takeMapped(kernel: Kernel): number {
  // Your lines: about three.
  const pfn = kernel.bootmem.take((free) => kernel.bus.probe(kernel.va(free), true));
  kernel.bus.clearPage(kernel.va(pfn));
  return pfn;
  // End of your lines.
}

/** The merged rule with this allocator. */
export const fromMapped: Strategy = {
  ...findStrategy("filter-set-pte"),
  id: "from-mapped",
  allocTable: takeMapped,
};
