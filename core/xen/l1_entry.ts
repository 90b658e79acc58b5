/**
 * The references of an L1 entry: to a page, read-only or writable, or to I/O space.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `get_page_from_l1e` and `put_page_from_l1e`.
 *
 * @module
 */

import { frameOf, P, PAT, PCD, PWT, RW } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { OWNER_IO, OWNER_NONE, PGT_WRITABLE } from "./frame_table.ts";
import type { LevelRules } from "./level_rules.ts";
import { getPage, getPageType, putPage, putPageAndType } from "./page_type.ts";
import { refuse, type XenRefusal } from "./refusal.ts";

const CACHE_BITS = 0x98;

/**
 * Takes the references of an L1 entry.
 *
 * @param domain The domain.
 * @param lo Low word. An entry without P refers to nothing.
 * @param hi High word.
 * @returns 0; flags that must be flipped in the entry before it is written; or a refusal, with nothing taken.
 */
export function getPageFromL1Entry(domain: Domain, hi: number, lo: number): number | XenRefusal {
  const { l1, frames } = domain;
  if ((lo & P) === 0) return 0;
  if (((lo & l1.disallowedLo) | (hi & l1.disallowedHi)) !== 0) return refuseFlags(domain, l1, hi, lo);
  const mfn = frameOf(hi, lo);
  if (mfn >= frames.length || frames.owner[mfn] === OWNER_IO) return getIoSpace(domain, mfn, hi, lo);
  if (!getPage(domain, mfn)) return refuseForeign(domain, mfn, hi, lo);
  if ((lo & RW) !== 0) {
    const refusal = getPageType(domain, mfn, PGT_WRITABLE);
    if (refusal !== undefined) return refuseWritable(domain, mfn, refusal, hi, lo);
  }
  return mfn === domain.sharedInfoMfn && (lo & CACHE_BITS) !== 0 ? refuseCacheAttributes(domain, hi, lo) : 0;
}

/**
 * Drops the references of an L1 entry.
 *
 * @param domain The domain.
 * @param lo Low word.
 * @param hi High word.
 */
export function putPageFromL1Entry(domain: Domain, hi: number, lo: number): void {
  if ((lo & P) === 0) return;
  const { frames } = domain;
  const mfn = frameOf(hi, lo);
  if (mfn >= frames.length || (frames.owner[mfn] === OWNER_IO && domain.release.ioUncached)) return;
  if ((lo & RW) !== 0) putPageAndType(domain, mfn);
  else putPage(domain, mfn);
}

/**
 * Refuses an entry with flags that its level may not have.
 *
 * @param domain The domain.
 * @param rules Rules of its level.
 * @param lo Low word.
 * @param hi High word.
 * @returns The refusal.
 */
export function refuseFlags(domain: Domain, rules: LevelRules, hi: number, lo: number): XenRefusal {
  const wanted = `flags 0x${rules.badFlags(hi, lo).toString(16)} clear`;
  const refusal = refuse(domain, "bad-flags", EINVAL, { mfn: frameOf(hi, lo), wanted, lo, hi, level: rules.depth });
  domain.print("bad-flags", refusal);
  return refusal;
}

/** Pages of Xen's heap stay write-back (Xen 4.x). */
function refuseCacheAttributes(domain: Domain, hi: number, lo: number): number | XenRefusal {
  const { cacheAttributes } = domain.release.errors;
  if (cacheAttributes === 0) return 0;
  putPageFromL1Entry(domain, hi, lo);
  const subject = { mfn: domain.sharedInfoMfn, wanted: "write-back", lo, hi, level: 1 };
  const refusal = refuse(domain, "cache-attributes", cacheAttributes, subject);
  domain.print("cache-attributes", refusal);
  return refusal;
}

function refuseForeign(domain: Domain, mfn: number, hi: number, lo: number): XenRefusal {
  const wanted = (lo & RW) === 0 ? "a page of the guest's" : "writable page";
  const { l1Frame } = domain.release.errors;
  const refusal = refuse(domain, "not-the-guests", l1Frame, { mfn, wanted, lo, hi, level: 1 });
  const owner = domain.frames.owner[mfn] === OWNER_NONE ? -1 : domain.id + 1;
  domain.print("frame-owner", refusal, { owner });
  domain.print("l1-frame", refusal);
  return refusal;
}

/** The frame is in use as another type. Adds the entry that asked for it, and this caller's error number, to the refusal. */
function refuseWritable(domain: Domain, mfn: number, found: XenRefusal, hi: number, lo: number): XenRefusal {
  const { l1Frame } = domain.release.errors;
  const refusal = refuse(domain, found.rule, l1Frame, { mfn, wanted: found.wanted, lo, hi, level: 1 });
  domain.print("writable-type", refusal);
  domain.print("l1-frame", refusal);
  putPage(domain, mfn);
  return refusal;
}

/**
 * I/O space. Xen 3.1 counts references to frames in its table; 4.17 takes none and maps them uncached. The frame number of all ones means
 * "no frame" to a guest: Xen refuses it without a line in the log.
 */
function getIoSpace(domain: Domain, mfn: number, hi: number, lo: number): number | XenRefusal {
  const { release, contract, frames } = domain;
  if (!domain.privileged || (release.ioUncached && mfn >= 2 ** (domain.machine.cpu.physicalBits - 12))) {
    const invalid = mfn === 2 ** (contract.physicalBits - 12) - 1;
    const errno = invalid ? EINVAL : release.errors.ioSpace;
    const refusal = refuse(domain, "io-space", errno, { mfn, wanted: "memory", lo, hi, level: 1 });
    if (!invalid) domain.print("io-space", refusal);
    return refusal;
  }
  if (!release.ioUncached) {
    if (mfn < frames.length) countIoSpace(domain, mfn, lo);
    return 0;
  }
  const attributes = lo & CACHE_BITS;
  if (attributes === 0) return PWT | PCD;
  return (attributes & PCD) === 0 && (attributes & PWT) !== 0 ? PCD | (attributes & PAT) : 0;
}

function countIoSpace(domain: Domain, mfn: number, lo: number): void {
  domain.frames.count[mfn]!++;
  if ((lo & RW) !== 0) getPageType(domain, mfn, PGT_WRITABLE);
}
