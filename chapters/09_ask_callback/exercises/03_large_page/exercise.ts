/**
 * Ask for a large page.
 *
 * A large page has one set of flags for a thousand pages, and the callback answers for
 * one page at a time. Map a large page only if the answer is the same for all of them,
 * with that answer; otherwise map the pages one by one, so that each gets its own.
 *
 * - `pagePermissions(pfn, flags)` is the callback.
 * - `kernel.setPmd(entry, pfn, flags, nx)` maps a large page. `flags` has `PS` already.
 * - `mapSmall(kernel, entry, pfn, end)` makes or uses a table there and maps each page by
 *   this strategy's `mapPage`, which asks.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import { mapSmall } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";

export const careful: Strategy = {
  ...findStrategy("ask-callback"),
  id: "careful",
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    const end = pfn + kernel.pagesPerTable; // the large page is pages pfn to end - 1
    const { pagePermissions } = kernel.ops;
    // Your lines: about six.
    kernel.setPmd(entry, pfn, pagePermissions(pfn, flags), nx);
    // End of your lines.
  },
};
