/**
 * References to frames, taken and dropped: general ones, and typed ones, as a page table or as a writable page.
 *
 * Here is Xen's core rule: a frame has one type at a time, and changes it only without uses as the old one. So it is never a page table and
 * mapped writable at once.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `get_page_type` and `put_page_type`.
 *
 * @module
 */

import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import {
  OWNER_GUEST,
  PGT_COUNT_MASK,
  PGT_NONE,
  PGT_PAE_XEN_L2,
  PGT_TYPE_MASK,
  PGT_VALIDATED,
  PGT_WRITABLE,
  tableLevelOf,
  tableType,
} from "./frame_table.ts";
import { refuse, useOf, type XenRefusal } from "./refusal.ts";
import { formatCountInfo, formatPfn, formatTypeInfo } from "./type_info.ts";

/**
 * Takes a general reference to a frame of the guest's.
 *
 * @param domain The domain.
 * @param mfn Machine frame; may be beyond memory.
 * @returns False if it is not the guest's.
 */
export function getPage({ frames }: Domain, mfn: number): boolean {
  if (mfn >= frames.length || frames.owner[mfn] !== OWNER_GUEST) return false;
  frames.count[mfn]!++;
  return true;
}

/**
 * Drops a general reference.
 *
 * @param domain The domain.
 * @param mfn Machine frame.
 */
export function putPage({ frames }: Domain, mfn: number): void {
  frames.count[mfn]!--;
}

/**
 * Takes a type reference to a frame.
 *
 * @param domain The domain.
 * @param mfn Machine frame; the caller has a general reference.
 * @param type `PGT_…`, with `PGT_PAE_XEN_L2` for the L2 in slot 3 of a PAE root.
 * @returns Undefined; or a refusal, with nothing taken.
 */
export function getPageType(domain: Domain, mfn: number, type: number): XenRefusal | undefined {
  const { typeInfo } = domain.frames;
  const info = typeInfo[mfn] ?? 0;
  const uses = info & PGT_COUNT_MASK;
  if (uses === 0) return firstUse(domain, mfn, info, type);
  if (uses >= domain.release.maxTypeCount) return overflow(domain, mfn, type);
  if ((info & (PGT_TYPE_MASK | PGT_PAE_XEN_L2)) === type) {
    typeInfo[mfn] = info + 1;
    return undefined;
  }
  const refusal = refuse(domain, "type-conflict", EINVAL, { mfn, wanted: useOf(type) });
  if (!probesLinear(domain, info, type)) domain.print("bad-type", refusal);
  return refusal;
}

/**
 * Drops a type reference to a frame. With the last one a page table drops its entries' references; a writable page keeps its type (trap T24).
 *
 * @param domain The domain.
 * @param mfn Machine frame.
 */
export function putPageType(domain: Domain, mfn: number): void {
  const { typeInfo } = domain.frames;
  const info = typeInfo[mfn] ?? 0;
  if ((info & PGT_COUNT_MASK) === 1) lastUse(domain, mfn, info);
  else typeInfo[mfn] = info - 1;
}

/**
 * Takes a general reference and one to a page table.
 *
 * @param domain The domain.
 * @param mfn Machine frame; may be beyond memory.
 * @param type As `getPageType`.
 * @returns Undefined; or a refusal, with nothing taken.
 */
export function getPageAndType(domain: Domain, mfn: number, type: number): XenRefusal | undefined {
  if (!getPage(domain, mfn)) return refuseFrame(domain, mfn, useOf(type));
  const refusal = getPageType(domain, mfn, type);
  if (refusal !== undefined) putPage(domain, mfn);
  return refusal;
}

/**
 * Refuses a frame that is not the guest's, and says so in the log.
 *
 * @param domain The domain.
 * @param mfn Machine frame; may be beyond memory.
 * @param wanted The use that was asked for.
 * @param named False if this caller leaves the log line of the frame out; the release may leave it out as well.
 * @returns The refusal.
 */
export function refuseFrame(domain: Domain, mfn: number, wanted: string, named = true): XenRefusal {
  const refusal = refuse(domain, "not-the-guests", EINVAL, { mfn, wanted });
  if (named) domain.print("no-frame", refusal);
  return refusal;
}

/**
 * Drops both references.
 *
 * @param domain The domain.
 * @param mfn Machine frame.
 */
export function putPageAndType(domain: Domain, mfn: number): void {
  putPageType(domain, mfn);
  putPage(domain, mfn);
}

/** Takes the first type reference. Only now may the type change, and then stale translations must be flushed (trap T9). */
function firstUse(domain: Domain, mfn: number, info: number, type: number): XenRefusal | undefined {
  const { frames } = domain;
  let next = info + 1;
  if ((info & PGT_TYPE_MASK) !== type) {
    if (frames.stamp[mfn] === domain.tlbClock) domain.flushTlb();
    next = (next & ~(PGT_TYPE_MASK | PGT_VALIDATED)) | type;
    if (type === PGT_WRITABLE) next |= PGT_VALIDATED;
  }
  frames.typeInfo[mfn] = next;
  return (next & PGT_VALIDATED) !== 0 ? undefined : validate(domain, mfn, type);
}

function validate(domain: Domain, mfn: number, type: number): XenRefusal | undefined {
  const { release, frames } = domain;
  const refusal = domain.tables.promote(domain, mfn, type);
  if (refusal === undefined) {
    frames.typeInfo[mfn]! |= PGT_VALIDATED;
    return undefined;
  }
  domain.print("validation-failed", refusal, {
    mfn,
    pfn: formatPfn(domain, mfn),
    expected: formatTypeInfo(release, type),
    caf: formatCountInfo(release, frames.count[mfn] ?? 0),
    saw: formatTypeInfo(release, frames.typeInfo[mfn] ?? 0),
  });
  frames.typeInfo[mfn] = PGT_NONE;
  frames.stamp[mfn] = domain.tlbClock;
  return refusal;
}

function overflow(domain: Domain, mfn: number, type: number): XenRefusal {
  const refusal = refuse(domain, "type-overflow", EINVAL, { mfn, wanted: useOf(type) });
  domain.print("type-overflow", refusal);
  return refusal;
}

/** Whether the entry may be a linear page table. Xen logs nothing then, because the caller tries that next. */
function probesLinear({ release }: Domain, info: number, type: number): boolean {
  const held = tableLevelOf(info);
  return held >= 2 && held <= release.silentProbeLevel && type === tableType(held - 1);
}

function lastUse(domain: Domain, mfn: number, info: number): void {
  const { frames } = domain;
  if (tableLevelOf(info) !== 0 && (info & PGT_VALIDATED) !== 0) {
    frames.typeInfo[mfn] = info & ~PGT_VALIDATED;
    letGo(domain, mfn);
  } else {
    frames.typeInfo[mfn] = info - 1;
    frames.stamp[mfn] = domain.tlbClock;
  }
}

/**
 * A table without users drops its entries' references, and that may leave other tables without users. They are done one after the other from a
 * list: Xen did this by recursion, and a chain of linear page tables could exhaust its stack (XSA-240).
 */
function letGo(domain: Domain, mfn: number): void {
  const { frames, waiting } = domain;
  waiting.push(mfn);
  if (waiting.length > 1) return;
  for (let i = 0; i < waiting.length; i++) {
    const table = waiting[i] ?? 0;
    const info = frames.typeInfo[table] ?? 0;
    domain.tables.demote(domain, table, info);
    frames.typeInfo[table] = (info & ~PGT_PAE_XEN_L2) - 1;
    frames.stamp[table] = domain.tlbClock;
  }
  waiting.length = 0;
}
