/**
 * The allocator of 3.9.
 *
 * Take a page for a page table, but only one that is mapped and can be written now; zero
 * it; return its pfn. Then it has a leaf, which the alloc hook can make read-only before
 * the page is linked.
 *
 * `kernel.bootmem.take(fits)` takes the first free page for which `fits(pfn)` is true.
 * `kernel.bus.probe(address, true)` says whether a store to an address would be let
 * through. `kernel.bus.clearPage(address)` fills a page with zeros. `kernel.va(pfn)` is a
 * page's address.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";

export function takeMapped(kernel: Kernel): number {
  // Your lines: about three.
  return kernel.bootmemPage();
  // End of your lines.
}

/** The merged rule with this allocator. */
export const fromMapped: Strategy = {
  ...findStrategy("filter-set-pte"),
  id: "from-mapped",
  allocTable: takeMapped,
};
