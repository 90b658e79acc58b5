/**
 * A solution.
 *
 * Alternatives: a bigint, `BigInt(mfn) << 12n | BigInt(flags)`, cut in two at the end, is
 * easier to get right and about twenty times slower. Linux has 64-bit integers and one
 * expression; its first version for Xen computed the frame in 32 bits all the same and so
 * dropped bit 63, with the effect that no page of a Xen guest was NX for a year
 * (ebb9cfe20fe1, June 2008).
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
  const frame = (flags & P) !== 0 ? p2m(pfn) : pfn;
  const lo = ((frame & 0xf_ffff) << 12) | flags;
  const hi = Math.floor(frame / 0x10_0000) | (nx ? NX : 0);
  return { lo, hi };
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
