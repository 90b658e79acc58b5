/**
 * Types and counts in the form in which Xen's log shows them.
 *
 * @module
 */

import type { XenRelease } from "./contract.ts";
import type { Domain } from "./domain.ts";
import { PGT_COUNT_MASK, PGT_TYPE_MASK } from "./frame_table.ts";

/**
 * A frame's type word as a release prints it.
 *
 * @param release The release.
 * @param typeInfo A word of `FrameTable.typeInfo`.
 * @returns 8 or 16 hexadecimal digits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTypeInfo, PGT_L2, PGT_PAE_XEN_L2, PGT_VALIDATED, XEN_RELEASES } from "@pagetable-init/textbook";
 *
 * const typeInfo = PGT_L2 | PGT_VALIDATED | PGT_PAE_XEN_L2 | 1;
 * assertEquals(formatTypeInfo(XEN_RELEASES["3.1"], typeInfo), "4c000001");
 * assertEquals(formatTypeInfo(XEN_RELEASES["4.17"], typeInfo), "4600000000000001");
 * ```
 */
export function formatTypeInfo(release: XenRelease, typeInfo: number): string {
  if (release.typeInfo.bits === 32) return hex8(typeInfo);
  const flags = typeInfo & ~(PGT_TYPE_MASK | PGT_COUNT_MASK);
  const high = (typeInfo & PGT_TYPE_MASK) | (flags >>> release.typeInfo.flagsMovedDown);
  return hex8(high) + hex8(typeInfo & PGT_COUNT_MASK);
}

/** A frame's general count as a release prints it, the flag of an allocated frame included. */
export function formatCountInfo(release: XenRelease, count: number): string {
  return release.typeInfo.bits === 32 ? hex8(count | 0x8000_0000) : `80000000${hex8(count)}`;
}

/** A frame's pfn as the domain's Xen prints it. */
export function formatPfn(domain: Domain, mfn: number): string {
  const pfn = domain.m2p[mfn] ?? -1;
  if (pfn < 0) return domain.release.noPfn;
  return pfn.toString(16).padStart(domain.release.typeInfo.bits === 64 ? 5 : 1, "0");
}

/** An entry as Xen prints it: all its digits. */
export function formatEntry(domain: Domain, lo: number, hi: number): string {
  return domain.words === 1 ? hex8(lo) : hex8(hi) + hex8(lo);
}

function hex8(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
