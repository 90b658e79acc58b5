/**
 * Add a table.
 *
 * Page `pfn` is mapped at its ordinary address, writable, and full of old words. Make it
 * an empty L1 table and enter it in slot `slot` of the domain's L2, so that Xen agrees to
 * every step. Return the results of the hypercalls; all must be `ok`.
 *
 * - `xen.updateVaMapping(0, address, 0, lo)` changes the entry that maps `address`.
 * - `xen.mmuUpdate(mfn, index, 0, lo)` changes entry `index` of the table in machine
 *   frame `mfn`.
 * - `clearPage(pfn)` stores zeros, like any code of the kernel: it needs a page that is
 *   writable at that moment.
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
  return [xen.mmuUpdate(p2m(l2), slot, 0, (p2m(pfn) << 12) | PAGE_TABLE)];
  // End of your lines.
}
