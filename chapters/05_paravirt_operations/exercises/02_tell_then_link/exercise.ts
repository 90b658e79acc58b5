/**
 * Tell, then link.
 *
 * The kernel needs the page table behind a directory entry. If the entry is there, its
 * table is used. If not, take a page, and make the entry lead to it, so that every host
 * accepts it: bare hardware, lguest, VMI and Xen.
 *
 * `host` has four things that you can do: `isPresent`, `takePage` (the page comes
 * zeroed), `announce` (which is `alloc_pt`), and `link` (which is `set_pmd`).
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
  host.link(pmd, host.takePage());
  // End of your lines.
}
