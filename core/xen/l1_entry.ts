/**
 * What an L1 entry refers to: a page, read-only or writable, or I/O space.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `get_page_from_l1e` and `put_page_from_l1e`.
 *
 * @module
 */

import { P, PCD, PWT, RW } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { OWNER_IO, OWNER_NONE, PGT_WRITABLE } from "./frame_table.ts";
import { getPage, getPageType, putPage, putPageAndType } from "./page_type.ts";
import { formatEntry, formatPfn } from "./type_info.ts";
import { EINVAL } from "./errno.ts";

const CACHE_BITS = 0x98;

/**
 * Takes the references of an L1 entry.
 *
 * @param domain The domain.
 * @param lo Low word. An entry without P refers to nothing.
 * @param hi High word.
 * @returns 0; a negative error number, with nothing taken; or flags that must be flipped in the entry before it is written.
 */
export function getPageFromL1Entry(domain: Domain, lo: number, hi: number): number {
  const { l1, frames } = domain;
  if ((lo & P) === 0) return 0;
  if (((lo & l1.disallowedLo) | (hi & l1.disallowedHi)) !== 0) return refuseFlags(domain, lo, hi);
  const mfn = (hi & 0xf_ffff) * 0x10_0000 + (lo >>> 12);
  if (mfn >= frames.length || frames.owner[mfn] === OWNER_IO) return getIoSpace(domain, mfn, lo);
  if (!getPage(domain, mfn)) {
    const owner = frames.owner[mfn] === OWNER_NONE ? -1 : domain.id + 1;
    domain.print("frame-owner", { domain: domain.id, owner });
    return refuseFrame(domain, mfn, lo, hi);
  }
  if ((lo & RW) !== 0 && getPageType(domain, mfn, PGT_WRITABLE) !== 0) {
    domain.print("writable-type", {});
    const rc = refuseFrame(domain, mfn, lo, hi);
    putPage(domain, mfn);
    return rc;
  }
  return mfn === domain.sharedInfoMfn && (lo & CACHE_BITS) !== 0 ? refuseCacheAttributes(domain, lo, hi) : 0;
}

/**
 * Drops the references of an L1 entry.
 *
 * @param domain The domain.
 * @param lo Low word.
 * @param hi High word.
 */
export function putPageFromL1Entry(domain: Domain, lo: number, hi: number): void {
  if ((lo & P) === 0) return;
  const { frames } = domain;
  const mfn = (hi & 0xf_ffff) * 0x10_0000 + (lo >>> 12);
  if (mfn >= frames.length || (frames.owner[mfn] === OWNER_IO && domain.release.ioUncached)) return;
  if ((lo & RW) !== 0) putPageAndType(domain, mfn);
  else putPage(domain, mfn);
}

/**
 * Prints that an entry has flags which it may not have.
 *
 * @param domain The domain.
 * @param lo Low word.
 * @param hi High word.
 * @returns The error number, negative.
 */
export function refuseFlags(domain: Domain, lo: number, hi: number): number {
  domain.print("bad-flags", { level: 1, flags: domain.l1.badFlags(lo, hi) });
  return -EINVAL;
}

/** Pages of Xen's heap stay write-back (Xen 4.x). */
function refuseCacheAttributes(domain: Domain, lo: number, hi: number): number {
  const { cacheAttributes } = domain.release.errors;
  if (cacheAttributes === 0) return 0;
  putPageFromL1Entry(domain, lo, hi);
  domain.print("cache-attributes", {});
  return -cacheAttributes;
}

function refuseFrame(domain: Domain, mfn: number, lo: number, hi: number): number {
  if (domain.release.texts["l1-frame"] !== undefined) {
    domain.print("l1-frame", {
      mfn,
      pfn: formatPfn(domain, mfn),
      entry: formatEntry(domain, lo, hi),
      domain: domain.id,
    });
  }
  return -domain.release.errors.l1Frame;
}

/** What is no memory. Xen 3.1 counts references to what it has a row for; 4.17 takes none and maps it uncached. */
function getIoSpace(domain: Domain, mfn: number, lo: number): number {
  const { release, frames } = domain;
  if (!domain.privileged || (release.ioUncached && mfn >= 2 ** (domain.machine.cpu.physicalBits - 12))) {
    domain.print("io-space", { domain: domain.id, mfn });
    return -release.errors.ioSpace;
  }
  if (!release.ioUncached) {
    if (mfn < frames.length) countIoSpace(domain, mfn, lo);
    return 0;
  }
  const attributes = lo & CACHE_BITS;
  if (attributes === 0) return PWT | PCD;
  return (attributes & PCD) === 0 && (attributes & PWT) !== 0 ? PCD | (attributes & 0x80) : 0;
}

function countIoSpace(domain: Domain, mfn: number, lo: number): void {
  domain.frames.count[mfn]!++;
  if ((lo & RW) !== 0) getPageType(domain, mfn, PGT_WRITABLE);
}
