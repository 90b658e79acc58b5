/**
 * A solution.
 *
 * Alternatives: return early if the entry is there. `onePageTableInit` of the library is
 * this function, in the words of the kernel of 2007. Announcing every page that bootmem
 * hands out would be accepted too, and would make pages read-only that never become
 * tables.
 *
 * @module
 */

/** What the kernel may do with a host. */
export interface Host {
  /** Whether the directory entry leads to a table. */
  isPresent(pmd: number): boolean;
  /** Takes a page from the allocator, zeroed through its own address. Returns its pfn. */
  takePage(): number;
  /** Says that a page is about to be a page table. */
  announce(pfn: number): void;
  /** Makes the directory entry lead to a page. */
  link(pmd: number, pfn: number): void;
}

export function tableBehind(host: Host, pmd: number): void {
  // Your lines: about four.
  if (host.isPresent(pmd)) return;
  const pfn = host.takePage();
  host.announce(pfn);
  host.link(pmd, pfn);
  // End of your lines.
}
