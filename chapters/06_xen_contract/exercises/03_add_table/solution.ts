/**
 * A solution.
 *
 * Clear while it can still be written, protect, link. Between the last two the page is
 * nothing: writable with no user.
 *
 * Alternatives: clear the page by hypercall or entry by entry after it is linked, as
 * emulated stores: 512 faults. Protect by `mmuUpdate` on the entry in the L1 that maps
 * the page, if its place is known; `updateVaMapping` finds it. Linux does the first two
 * in bootmem and in `alloc_pt`, and the third in `set_pmd`.
 *
 * @module
 */

import { RW } from "@pagetable-init/textbook/mmu";
import type {
  HypercallResult,
  Hypervisor,
  StartInfo,
} from "@pagetable-init/textbook/xen";

const PAGE_TABLE = 0x067; // flags of an entry that points to a table
const PAGE_KERNEL = 0x063; // flags of an ordinary page of the kernel

/** What a kernel has at hand. */
export interface Guest {
  readonly xen: Hypervisor;
  readonly start: StartInfo;
  readonly p2m: (pfn: number) => number;
  /** Fills a page with zeros, through its ordinary address. */
  readonly clearPage: (pfn: number) => void;
}

export function addTable(
  { xen, start, p2m, clearPage }: Guest,
  pfn: number,
  slot: number,
): HypercallResult[] {
  const address = (0xc0000000 + pfn * 4096) | 0;
  const l2 = start.ptBase + 1; // pfn of the L2
  // Your lines: about five.
  clearPage(pfn);
  const protect = xen.updateVaMapping(
    0,
    address,
    0,
    (p2m(pfn) << 12) | (PAGE_KERNEL & ~RW),
  );
  const link = xen.mmuUpdate(p2m(l2), slot, 0, (p2m(pfn) << 12) | PAGE_TABLE);
  return [protect, link];
  // End of your lines.
}
