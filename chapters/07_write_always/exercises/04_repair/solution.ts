/**
 * A solution.
 *
 * Whoever mapped this page read-only had a reason; so do not add `RW` to an entry that is
 * present without it. Everything else of the new entry is written.
 *
 * Alternatives: the same three lines in Xen's `set_pte`, where no other machine has to
 * run them. That is what the mail proposes at its end (chapter 11).
 * To keep the whole entry, instead of the one bit, is proposal 4 (chapter 8): it keeps
 * too much. To clear `RW` always would be the end of a kernel that wants to write to its
 * memory.
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
    const old = kernel.bus.load(entry);
    const readOnly = (old & P) !== 0 && (old & RW) === 0;
    kernel.setPte(entry, pfn, readOnly ? flags & ~RW : flags, nx);
    // End of your lines.
  },
  mapLargePage: (kernel, entry, pfn, flags, nx) => kernel.setPmd(entry, pfn, flags, nx),
};
