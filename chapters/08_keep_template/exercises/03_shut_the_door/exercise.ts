/**
 * Shut the door.
 *
 * `keep-template` leaves the kernel of a 486 open to user mode. Repair that when the
 * tables are finished: go through lowmem once more and take `US` away from the pages that
 * have it. Leave every other flag as it is, write no entry that needs no repair, and do
 * no harm under Xen.
 *
 * `kernel.bus.load(entry)` is the low word of the entry of page `pfn`; its flags are the
 * low twelve bits. `kernel.setPte(entry, pfn, flags, false)` writes it.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import { US } from "@pagetable-init/textbook/mmu";
import { findStrategy } from "@pagetable-init/textbook/strategies";

export const shut: Strategy = {
  ...findStrategy("keep-template"),
  id: "shut",
  does: "keeps the template, then shuts user mode out",
  who: "you",
  finish: (kernel) => {
    for (let pfn = 0; pfn < kernel.layout.maxLowPfn; pfn++) {
      const entry = kernel.lookupAddress(kernel.va(pfn));
      if (entry === undefined) continue; // a large page: the kernel's own work
      // Your lines: about two.
      kernel.setPte(entry, pfn, 0x063, false);
      // End of your lines.
    }
  },
};
