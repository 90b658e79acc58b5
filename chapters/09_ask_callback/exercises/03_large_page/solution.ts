/**
 * A solution.
 *
 * Alternatives: stop at the first answer that differs; on bare metal none does, so that
 * saves nothing where it would count. A callback for ranges needs one call, and moves the
 * loop to where the knowledge is. `query-special`, proposal 3, does that (chapter 10).
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
    const allowed = pagePermissions(pfn, flags);
    let uniform = true;
    for (let page = pfn; page < end; page++) {
      uniform &&= pagePermissions(page, flags) === allowed;
    }
    if (uniform) kernel.setPmd(entry, pfn, allowed, nx);
    else mapSmall(kernel, entry, pfn, end);
    // End of your lines.
  },
};
