/**
 * The hypercall mmuext_op: pins, base pointers, flushes.
 *
 * @module
 */

import type { Domain } from "./domain.ts";
import { EINVAL, ENOSYS } from "./errno.ts";
import { PGT_PINNED, PGT_WRITABLE } from "./frame_table.ts";
import { getPage, getPageAndType, getPageType, putPage, putPageAndType } from "./page_type.ts";

/**
 * Commands of mmuext_op.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { buildDomain, CPUS, EINVAL, Hypervisor, MMUEXT, MODES, XEN_RELEASES } from "@pagetable-init/textbook";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * buildDomain(xen);
 * assertEquals(xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL), 0);
 * assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, xen.p2m[0x2000]), -EINVAL); // nobody has pinned it
 * ```
 */
export const MMUEXT: {
  readonly PIN_L1_TABLE: 0;
  readonly PIN_L2_TABLE: 1;
  readonly PIN_L3_TABLE: 2;
  readonly PIN_L4_TABLE: 3;
  readonly UNPIN_TABLE: 4;
  readonly NEW_BASEPTR: 5;
  readonly TLB_FLUSH_LOCAL: 6;
  readonly INVLPG_LOCAL: 7;
  readonly TLB_FLUSH_MULTI: 8;
  readonly INVLPG_MULTI: 9;
  readonly TLB_FLUSH_ALL: 10;
  readonly INVLPG_ALL: 11;
  readonly FLUSH_CACHE: 12;
  readonly SET_LDT: 13;
  readonly NEW_USER_BASEPTR: 15;
  readonly CLEAR_PAGE: 16;
  readonly COPY_PAGE: 17;
} = Object.freeze({
  PIN_L1_TABLE: 0,
  PIN_L2_TABLE: 1,
  PIN_L3_TABLE: 2,
  PIN_L4_TABLE: 3,
  UNPIN_TABLE: 4,
  NEW_BASEPTR: 5,
  TLB_FLUSH_LOCAL: 6,
  INVLPG_LOCAL: 7,
  TLB_FLUSH_MULTI: 8,
  INVLPG_MULTI: 9,
  TLB_FLUSH_ALL: 10,
  INVLPG_ALL: 11,
  FLUSH_CACHE: 12,
  SET_LDT: 13,
  NEW_USER_BASEPTR: 15,
  CLEAR_PAGE: 16,
  COPY_PAGE: 17,
});

/**
 * One operation.
 *
 * @param domain The domain.
 * @param command `MMUEXT`.
 * @param mfn Machine frame that it is about.
 * @param hi High word of a linear address (INVLPG), or the source frame of COPY_PAGE.
 * @param lo Low word.
 * @returns 0 or a negative error number. SET_LDT does nothing: local descriptor tables are not modelled.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `do_mmuext_op`.
 */
export function mmuextOp(domain: Domain, command: number, mfn: number, hi: number, lo: number): number {
  if (!domain.release.mmuextCommands.includes(command)) {
    domain.print("mmuext-command", { command });
    return -ENOSYS;
  }
  switch (command) {
    case MMUEXT.UNPIN_TABLE:
      return unpin(domain, mfn);
    case MMUEXT.NEW_BASEPTR:
      return newBaseptr(domain, mfn);
    case MMUEXT.NEW_USER_BASEPTR:
      return newUserBaseptr(domain, mfn);
    case MMUEXT.CLEAR_PAGE:
      return clearPage(domain, mfn);
    case MMUEXT.COPY_PAGE:
      return copyPage(domain, mfn, hi);
    case MMUEXT.FLUSH_CACHE:
      return flushCache(domain);
    case MMUEXT.SET_LDT:
      return 0;
    default:
      return command <= MMUEXT.PIN_L4_TABLE ? pin(domain, mfn, command + 1) : flush(domain, command, hi, lo);
  }
}

/** Pins a table. A level that the guest's mode does not have is a silent success (trap T12). */
function pin(domain: Domain, mfn: number, depth: number): number {
  if (depth > domain.levels.length) return 0;
  if (!getPage(domain, mfn)) {
    if (domain.release.namesLostFrame) {
      domain.print("no-frame", { mfn });
      domain.print("pin", { mfn });
    }
    return -EINVAL;
  }
  const rc = getPageType(domain, mfn, depth << 29);
  if (rc !== 0) {
    domain.print("pin", { rc, mfn });
    putPage(domain, mfn);
    return rc;
  }
  const { typeInfo } = domain.frames;
  if (((typeInfo[mfn] ?? 0) & PGT_PINNED) !== 0) {
    domain.print("already-pinned", { mfn });
    putPageAndType(domain, mfn);
    return -EINVAL;
  }
  typeInfo[mfn]! |= PGT_PINNED;
  return 0;
}

function unpin(domain: Domain, mfn: number): number {
  if (!getPage(domain, mfn)) {
    if (domain.release.namesLostFrame) domain.print("no-frame", { mfn });
    domain.print("unpin-frame", { mfn, domain: domain.id });
    return -EINVAL;
  }
  const { typeInfo } = domain.frames;
  const pinned = ((typeInfo[mfn] ?? 0) & PGT_PINNED) !== 0;
  if (pinned) {
    typeInfo[mfn]! &= ~PGT_PINNED;
    putPageAndType(domain, mfn);
  } else {
    domain.print("not-pinned", { mfn });
  }
  putPage(domain, mfn);
  return pinned ? 0 : -EINVAL;
}

/** Loads CR3. A table that fails validation leaves the old one loaded. */
function newBaseptr(domain: Domain, mfn: number): number {
  const old = domain.rootMfn;
  if (mfn !== old || !domain.release.sameBaseptrIsNothing) {
    const rc = getPageAndType(domain, mfn, domain.root.type);
    if (rc !== 0) {
      const compat = domain.hostRootMfn >= 0;
      if (compat) domain.print("linear-writable", {}); // the entry in Xen's own L4 has RW
      domain.print("baseptr", { mfn, compat: compat ? "compat " : "" });
      return rc;
    }
    domain.rootMfn = mfn;
    domain.fillPrivateSlots(domain.root, mfn, true);
    domain.loadCr3();
    if (old >= 0) putPageAndType(domain, old);
    return 0;
  }
  domain.loadCr3();
  return 0;
}

/** The root for user mode of a 64-bit guest; 0 for none. It is not loaded here: the emulated kernel never leaves for user mode. */
function newUserBaseptr(domain: Domain, mfn: number): number {
  const old = domain.userRootMfn;
  if (mfn === old) return 0;
  const rc = mfn === 0 ? 0 : getPageAndType(domain, mfn, domain.root.type);
  if (rc !== 0) {
    domain.print("user-baseptr", { rc, mfn });
    return rc;
  }
  domain.userRootMfn = mfn === 0 ? -1 : mfn;
  if (old >= 0) putPageAndType(domain, old);
  return 0;
}

function clearPage(domain: Domain, mfn: number): number {
  if (!getWritable(domain, mfn)) {
    domain.print("clear-page", { mfn });
    return -EINVAL;
  }
  domain.machine.memory.clearFrame(mfn);
  putPageAndType(domain, mfn);
  return 0;
}

function copyPage(domain: Domain, to: number, from: number): number {
  if (!getPage(domain, from)) {
    domain.print("copy-from", { mfn: from });
    return -EINVAL;
  }
  const writable = getWritable(domain, to);
  if (writable) {
    domain.machine.memory.copyFrame(to, from);
    putPageAndType(domain, to);
  } else {
    domain.print("copy-to", { mfn: to });
  }
  putPage(domain, from);
  return writable ? 0 : -EINVAL;
}

function getWritable(domain: Domain, mfn: number): boolean {
  if (!getPage(domain, mfn)) return false;
  if (getPageType(domain, mfn, PGT_WRITABLE) === 0) return true;
  putPage(domain, mfn);
  return false;
}

function flushCache(domain: Domain): number {
  if (domain.privileged) return 0;
  domain.print("flush-cache", {});
  return -domain.release.errors.flushCache;
}

/** With one CPU, local, multi and all are the same. */
function flush(domain: Domain, command: number, hi: number, lo: number): number {
  const onePage = command === MMUEXT.INVLPG_LOCAL || command === MMUEXT.INVLPG_MULTI || command === MMUEXT.INVLPG_ALL;
  if (onePage) domain.machine.tlb.invalidate(hi, lo);
  else domain.flushTlb();
  return 0;
}
