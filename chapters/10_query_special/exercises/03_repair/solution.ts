/**
 * A solution.
 *
 * Alternatives: one could keep the large page and give all of it the flags of its most
 * demanding page. For "uncached" that is safe and slow: the kernel text of a small
 * machine shares its large page with the display. For "read-only" it is wrong: data
 * beside a page table could not be written. Since 2.6.26 Linux builds the first 2 or 4
 * MiB of small pages without asking anyone.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import { mapSmall } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";

export const repaired: Strategy = {
  ...findStrategy("query-special"),
  id: "repaired",
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    const { specialPages } = kernel.ops;
    const pages = kernel.pagesPerTable;
    // Your lines: about five.
    if (specialPages.uniform(pfn, pages)) {
      kernel.setPmd(entry, pfn, specialPages.apply(specialPages.at(pfn), flags), nx);
    } else {
      mapSmall(kernel, entry, pfn, pfn + pages);
    }
    // End of your lines.
  },
};
