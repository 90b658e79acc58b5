/**
 * Repair the strategy.
 *
 * `write-always` is right everywhere but under Xen. Change what the kernel does for a
 * small page, so that it boots under Xen with a perfect map, and so that nothing changes
 * on bare metal. You may not ask Xen, and there is no list of page tables.
 *
 * - `kernel.bus.load(entry)` is the low word of the entry as it stands.
 * - `kernel.setPte(entry, pfn, flags, nx)` writes it. `flags` are those that the kernel
 *   wants: present, writable and so on.
 *
 * @module
 */

import { KERNEL_RELEASES, type Strategy } from "@pagetable-init/textbook";
import { P, RW } from "@pagetable-init/textbook/mmu";

export const repaired: Strategy = {
  id: "repaired",
  does: "writes every leaf, with care",
  who: "you",
  release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => {
    // Your lines: about three.
    kernel.setPte(entry, pfn, flags, nx);
    // End of your lines.
  },
  mapLargePage: (kernel, entry, pfn, flags, nx) => kernel.setPmd(entry, pfn, flags, nx),
};
