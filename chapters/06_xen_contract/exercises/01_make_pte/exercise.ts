/**
 * Make an entry.
 *
 * Xen's `make_pte` takes a page as the kernel counts, a pfn with flags, and returns an
 * entry as the CPU reads it, for PAE in two words, with the machine's number of the
 * frame. Bits 0 to 19 of the frame are bits 12 to 31 of `lo`; what is above goes to the
 * low end of `hi`. `NX` is a constant for `hi`. An entry without `P` leads nowhere, and
 * its pfn is not translated.
 *
 * `ptePfn`, the way back, is there already; the tests use both.
 *
 * @module
 */

import { NX, P } from "@pagetable-init/textbook/mmu";

/** What a kernel has to translate with. */
export interface Frames {
  readonly p2m: (pfn: number) => number;
  readonly m2p: (mfn: number) => number;
}

export function makePte(
  { p2m }: Frames,
  pfn: number,
  flags: number,
  nx: boolean,
): { lo: number; hi: number } {
  // Your lines: about three.
  return { lo: pfn * 4096 | flags, hi: 0 };
  // End of your lines.
}

/**
 * The pfn that an entry leads to; undefined if it is not present. The inverse of
 * `makePte`.
 */
export function ptePfn({ m2p }: Frames, hi: number, lo: number): number | undefined {
  if ((lo & P) === 0) return undefined;
  return m2p((hi & ~NX) * 0x10_0000 + (lo >>> 12));
}
