/**
 * A Xen guest's direct map, built by hand over a permuted p2m.
 *
 * @module
 */
import { MODES } from "@pagetable-init/textbook";
import type { Guest } from "@pagetable-init/textbook/audit";
import { TableBuilder } from "./table_builder.ts";

/** First machine frame of the guest: below it lie the builder's tables. */
const FIRST_MFN = 0x2000;

/** A permutation of some pages, as an array and its inverse. */
export function permutation(pages: number): { p2m: Int32Array; m2p: Int32Array } {
  const p2m = Int32Array.from({ length: pages }, (_, pfn) => FIRST_MFN + (pfn * 7919 + 13) % pages);
  const m2p = new Int32Array(FIRST_MFN + pages).fill(-1);
  p2m.forEach((mfn, pfn) => m2p[mfn] = pfn);
  return { p2m, m2p };
}

/**
 * A guest whose lowmem is mapped rightly, but for what `change` says about the flags of a page.
 *
 * @param lowmemPages Pages of lowmem; 7919 must not divide it.
 * @param readOnly Pfns that must not be writable.
 * @param change Flags of a page, or undefined for the usual ones: P RW A D, without RW for those that must not have it.
 */
export function xenGuest(
  lowmemPages: number,
  readOnly: ReadonlySet<number>,
  change: (pfn: number) => number | undefined = () => undefined,
): { builder: TableBuilder; guest: Guest } {
  const builder = new TableBuilder(MODES.pae);
  const { p2m, m2p } = permutation(lowmemPages);
  p2m.forEach((mfn, pfn) => {
    const flags = change(pfn) ?? (readOnly.has(pfn) ? 0x61 : 0x63);
    builder.map({ hi: 0, lo: 0xc000_0000 + pfn * 4096 }, mfn, 1, { flags });
  });
  return { builder, guest: builder.guest({ lowmemPages, p2m, m2p, readOnly }) };
}
