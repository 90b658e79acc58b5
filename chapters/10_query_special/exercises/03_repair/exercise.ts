/**
 * Repair the careless strategy.
 *
 * The strategy of the chapter asked about the first page of a large page and believed the
 * answer for all of them. Here it is with its `mapLargePage` taken out. Write it: a large
 * page where all its pages get the same answer, small pages where they do not. A large
 * page of special pages must have their flags.
 *
 * `mapSmall(kernel, entry, first, end)` builds the table of small pages that `entry` is
 * to point to, and asks `mapPage` for each. `kernel.pagesPerTable` is the number of pages
 * in a large one.
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
    if (specialPages.uniform(pfn, pages)) mapSmall(kernel, entry, pfn, pfn + pages);
    kernel.setPmd(entry, pfn, specialPages.apply(specialPages.at(pfn), flags), nx);
    // End of your lines.
  },
};
