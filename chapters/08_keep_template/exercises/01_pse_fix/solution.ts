/**
 * A solution.
 *
 * Alternatives: write it always, as `write-always` does; simpler, and it gives up what a
 * template may have meant by its large pages. Linux's `pmd_huge` of 2.6.21 looks at `PS`
 * alone. That is enough where an absent entry is zero, and the init code knows whether it
 * is absent before it asks.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import { PS } from "@pagetable-init/textbook/mmu";
import { findStrategy } from "@pagetable-init/textbook/strategies";

export const pseFix: Strategy = {
  ...findStrategy("keep-template"),
  id: "pse-fix",
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    // Your lines: about two.
    const huge = kernel.present(entry) && (kernel.bus.load(entry) & PS) !== 0;
    if (!huge) kernel.setPmd(entry, pfn, flags, nx);
    // End of your lines.
  },
};
