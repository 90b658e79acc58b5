/**
 * A solution.
 *
 * It needs no flush: a switch of CR3 follows, and head.S's entries are not global.
 *
 * Alternatives: clear `US` in the three directory entries instead; three writes in place
 * of 3,072, and right as well, since rights need every level's consent. It would leave
 * leaves that lie in wait for a directory entry with `US`. Or write every leaf in the
 * first place. The repair after the fact is a second loop over all of memory, for one
 * flag, on machines that will never need it: this is how init code grows.
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
      const flags = kernel.bus.load(entry) & 0xfff;
      if ((flags & US) !== 0) kernel.setPte(entry, pfn, flags & ~US, false);
      // End of your lines.
    }
  },
};
