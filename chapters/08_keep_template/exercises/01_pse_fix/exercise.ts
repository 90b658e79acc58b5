/**
 * Write the patch.
 *
 * `keep-template` leaves every directory entry alone that is present, and so keeps small
 * pages where large ones are due. Change what happens when a large page is due: an entry
 * that points to a table becomes a large page. One that maps a large page already is
 * kept, as the template has it; somebody may have chosen its flags.
 *
 * - `kernel.present(entry)`: whether the entry is present.
 * - `kernel.bus.load(entry)`: its low word. `PS` marks a large page, in an entry that is
 *   present.
 * - `kernel.setPmd(entry, pfn, flags, nx)` writes it; `flags` has `PS` already.
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
    if (!kernel.present(entry)) kernel.setPmd(entry, pfn, flags, nx);
    // End of your lines.
  },
};
