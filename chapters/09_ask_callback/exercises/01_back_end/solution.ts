/**
 * A solution.
 *
 * Alternatives: a bitmap of all pages, one bit each: 2 KiB for 64 MiB, found at once, and
 * it must be allocated before there is an allocator. A list of ranges, as proposal 3 has
 * it, is small as long as tables lie together. One contiguous range, two comparisons, is
 * what Linux came to in 2011: tables were taken from one buffer so that the question
 * became easy (chapter 13).
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
  const tables = new Set<number>();
  for (let pfn = template.first; pfn < template.end; pfn++) tables.add(pfn);
  return {
    protect: (pfn) => tables.add(pfn),
    release: (pfn) => tables.delete(pfn),
    permissions: (pfn, flags) => tables.has(pfn) ? flags & ~RW : flags,
  };
  // End of your lines.
}
