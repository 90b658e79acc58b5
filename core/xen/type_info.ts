/**
 * Types and counts as Xen's log prints them.
 *
 * @module
 */

import { releaseShape } from "./options.ts";
import { checkArguments, word } from "../check.ts";
import type { XenRelease } from "./contract.ts";
import type { Domain } from "./domain.ts";
import { OWNER_NONE, PGT_COUNT_MASK, PGT_PINNED, PGT_TYPE_MASK, PGT_VALIDATED } from "./frame_table.ts";
import type { LogFields } from "./log.ts";
import { readM2pEntry } from "./m2p.ts";
import { type FrameUse, TYPE_BITS, type XenRefusal } from "./refusal.ts";

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
 * import { formatTypeInfo, PGT_L2, PGT_PAE_XEN_L2, PGT_VALIDATED, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const typeInfo = PGT_L2 | PGT_VALIDATED | PGT_PAE_XEN_L2 | 1;
 * assertEquals(formatTypeInfo(XEN_RELEASES["3.1"], typeInfo), "4c000001");
 * assertEquals(formatTypeInfo(XEN_RELEASES["4.17"], typeInfo), "4600000000000001");
 * ```
 */
export function formatTypeInfo(release: XenRelease, typeInfo: number): string {
  checkArguments({ release: releaseShape, typeInfo: word }, [release, typeInfo]);
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
  const { hi, lo } = readM2pEntry(domain, mfn) ?? { hi: -1, lo: -1 };
  if (lo === -1 && (hi === -1 || domain.contract.m2pWords === 1)) return domain.release.noPfn;
  if (hi !== 0) return (hi >>> 0).toString(16) + hex8(lo);
  return (lo >>> 0).toString(16).padStart(domain.release.typeInfo.bits === 64 ? 5 : 1, "0");
}

/** An entry as Xen prints it: all its digits. */
export function formatEntry(domain: Domain, hi: number, lo: number): string {
  return domain.words === 1 ? hex8(lo) : hex8(hi) + hex8(lo);
}

/** A linear address as `%lx` prints it. */
export function formatLinear(hi: number, lo: number): string {
  return hi === 0 ? (lo >>> 0).toString(16) : (hi >>> 0).toString(16) + hex8(lo);
}

/** The pointer by which Xen 3.1 reaches an entry of a table. Xen maps the table at any free place, so only the offset is known. */
export function formatEntryPointer({ words }: Domain, slot: number): string {
  return "xxxxx" + (slot * 4 * words).toString(16).padStart(3, "0");
}

/** The owner of a frame that is not the guest's, as the pointer that Xen 3.1 prints; a null pointer if the frame has no owner. */
export function formatOwner({ frames }: Domain, mfn: number): string {
  return frames.owner[mfn] === OWNER_NONE ? "00000000" : "xxxxxxxx";
}

/**
 * The fields of the log lines that a refusal is printed in.
 *
 * @param domain The domain.
 * @param refusal The refusal.
 * @returns Values by name, for `formatLog`.
 */
export function refusalFields(domain: Domain, refusal: XenRefusal): LogFields {
  const { mfn, seen, wanted, entry, level, errno } = refusal;
  const { release } = domain;
  const { lo, hi } = entry ?? { lo: 0, hi: 0 };
  const type = TYPE_BITS[seen.type] | (seen.pinned ? PGT_PINNED : 0) | (seen.validated ? PGT_VALIDATED : 0);
  return {
    domain: domain.id,
    rc: -errno,
    level,
    flags: level === 0 ? 0 : domain.rulesOf(level).badFlags(hi, lo),
    entry: formatEntry(domain, hi, lo),
    saw: formatTypeInfo(release, type | seen.count),
    expected: formatTypeInfo(release, TYPE_BITS[wanted as FrameUse] ?? 0),
    ...(mfn === undefined ? {} : { mfn, pfn: formatPfn(domain, mfn) }),
  };
}

function hex8(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
