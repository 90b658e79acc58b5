/**
 * Write the back-end.
 *
 * It knows the pages of the builder's tables, `template.first` to `template.end` - 1, and
 * it is told of every page that its own hooks protect or release. It answers with the
 * flags that a page may be mapped with: without `RW` for a page that must be read-only,
 * and otherwise as they are.
 *
 * A page of the builder's can be released too.
 *
 * @module
 */

import { RW } from "@pagetable-init/textbook/mmu";

/** What Xen's side of the kernel offers. */
export interface BackEnd {
  /** A page has been made read-only, because it is or will be a table. */
  readonly protect: (pfn: number) => void;
  /** A page is a table no longer. */
  readonly release: (pfn: number) => void;
  /** The flags with which a page may be mapped, given those that the kernel wants. */
  readonly permissions: (pfn: number, flags: number) => number;
}

export function makeBackEnd(
  template: { readonly first: number; readonly end: number },
): BackEnd {
  // Your lines: about nine.
  const { first, end } = template;
  return {
    protect: () => {},
    release: () => {},
    permissions: (pfn, flags) => pfn >= first && pfn <= end ? flags & ~RW : flags,
  };
  // End of your lines.
}
