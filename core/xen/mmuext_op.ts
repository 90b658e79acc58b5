/**
 * The hypercall mmuext_op: pins, base pointers, flushes.
 *
 * @module
 */

import type { Domain } from "./domain.ts";
import { EINVAL, EOPNOTSUPP } from "./errno.ts";
import { PGT_L4, PGT_PINNED, PGT_WRITABLE, tableType } from "./frame_table.ts";
import { refuseCommand } from "./mmu_update.ts";
import { getPage, getPageAndType, getPageType, putPage, putPageAndType, refuseFrame } from "./page_type.ts";
import { refuse, type XenRefusal } from "./refusal.ts";
import { formatOwner } from "./type_info.ts";

/**
 * Commands of mmuext_op.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { buildDomain, EINVAL, Hypervisor, MMUEXT, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * buildDomain(xen);
 * assertEquals(xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL).ok, true);
 * assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, xen.domain.p2m[0x2000]).rc, -EINVAL); // nobody has pinned it
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
  readonly FLUSH_CACHE_GLOBAL: 18;
  readonly MARK_SUPER: 19;
  readonly UNMARK_SUPER: 20;
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
  FLUSH_CACHE_GLOBAL: 18,
  MARK_SUPER: 19,
  UNMARK_SUPER: 20,
});

/**
 * One operation.
 *
 * @param domain The domain.
 * @param command `MMUEXT`.
 * @param mfn Machine frame that it is about.
 * @param hi High word of a linear address (INVLPG), or the source frame of COPY_PAGE.
 * @param lo Low word.
 * @returns Undefined, or a refusal. SET_LDT does nothing: local descriptor tables are not modelled.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `do_mmuext_op`.
 */
export function mmuextOp(domain: Domain, command: number, mfn: number, hi: number, lo: number): XenRefusal | undefined {
  const { mmuextCommands, mmuextUnsupported } = domain.release;
  if (mmuextUnsupported.includes(command)) {
    return refuse(domain, "unsupported-command", EOPNOTSUPP, { wanted: `command ${command}` });
  }
  if (!mmuextCommands.includes(command)) return refuseCommand(domain, "mmuext-command", command);
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
      return flushCache(domain, domain.release.errors.flushCache);
    case MMUEXT.FLUSH_CACHE_GLOBAL:
      return flushCache(domain, EINVAL);
    case MMUEXT.SET_LDT:
      return undefined;
    default:
      return command <= MMUEXT.PIN_L4_TABLE ? pin(domain, mfn, command + 1) : flush(domain, command, hi, lo);
  }
}

/** Pins a table. A level that the guest's mode does not have is a silent success (trap T12). */
function pin(domain: Domain, mfn: number, depth: number): XenRefusal | undefined {
  if (depth > domain.levels.length) return undefined;
  const { namesLostFrame } = domain.release;
  if (!getPage(domain, mfn)) {
    const refusal = refuseFrame(domain, mfn, `L${depth}`, namesLostFrame);
    if (namesLostFrame) domain.print("pin", refusal);
    return refusal;
  }
  const refusal = getPageType(domain, mfn, tableType(depth));
  if (refusal !== undefined) {
    domain.print("pin", refusal, { mfn });
    putPage(domain, mfn);
    return refusal;
  }
  const { typeInfo } = domain.frames;
  if (((typeInfo[mfn] ?? 0) & PGT_PINNED) !== 0) {
    const twice = refuse(domain, "already-pinned", EINVAL, { mfn, wanted: `L${depth}, pinned` });
    domain.print("already-pinned", twice);
    putPageAndType(domain, mfn);
    return twice;
  }
  typeInfo[mfn]! |= PGT_PINNED;
  return undefined;
}

function unpin(domain: Domain, mfn: number): XenRefusal | undefined {
  if (!getPage(domain, mfn)) {
    const refusal = refuseFrame(domain, mfn, "a pinned table", domain.release.namesLostFrame);
    domain.print("unpin-frame", refusal, { dom: formatOwner(domain, mfn) });
    return refusal;
  }
  const { typeInfo } = domain.frames;
  if (((typeInfo[mfn] ?? 0) & PGT_PINNED) === 0) {
    const refusal = refuse(domain, "not-pinned", EINVAL, { mfn, wanted: "a pinned table" });
    domain.print("not-pinned", refusal);
    putPage(domain, mfn);
    return refusal;
  }
  typeInfo[mfn]! &= ~PGT_PINNED;
  putPageAndType(domain, mfn);
  putPage(domain, mfn);
  return undefined;
}

/** Loads CR3. A table that fails validation leaves the old one loaded. */
function newBaseptr(domain: Domain, mfn: number): XenRefusal | undefined {
  const old = domain.rootMfn;
  if (mfn === old && domain.release.sameBaseptrIsNothing) {
    domain.loadCr3();
    return undefined;
  }
  const refusal = getPageAndType(domain, mfn, domain.root.type);
  if (refusal !== undefined) {
    const compat = domain.hostRootMfn >= 0;
    if (compat) domain.print("linear-writable", refusal); // the entry in Xen's own L4 has RW
    domain.print("baseptr", refusal, { mfn, compat: compat ? "compat " : "" });
    return refusal;
  }
  domain.rootMfn = mfn;
  domain.fillPrivateSlots(domain.root, mfn, true);
  domain.loadCr3();
  if (old >= 0) putPageAndType(domain, old);
  return undefined;
}

/**
 * Sets the root for user mode of a 64-bit guest; 0 for none. It is not loaded, because the emulated kernel never enters user mode. The frame
 * must be an L4 table even for a 32-bit guest, which has none.
 */
function newUserBaseptr(domain: Domain, mfn: number): XenRefusal | undefined {
  const old = domain.userRootMfn;
  if (mfn === old) return undefined;
  const refusal = mfn === 0 ? undefined : getPageAndType(domain, mfn, PGT_L4);
  if (refusal !== undefined) {
    domain.print("user-baseptr", refusal, { mfn });
    return refusal;
  }
  domain.userRootMfn = mfn === 0 ? -1 : mfn;
  if (old >= 0) putPageAndType(domain, old);
  return undefined;
}

function clearPage(domain: Domain, mfn: number): XenRefusal | undefined {
  const refusal = getWritable(domain, mfn);
  if (refusal !== undefined) {
    domain.print("clear-page", refusal);
    return refusal;
  }
  domain.machine.memory.clearFrame(mfn);
  putPageAndType(domain, mfn);
  return undefined;
}

function copyPage(domain: Domain, to: number, from: number): XenRefusal | undefined {
  if (!getPage(domain, from)) {
    const refusal = refuseFrame(domain, from, "a page of the guest's", false);
    domain.print("copy-from", refusal);
    return refusal;
  }
  const refusal = getWritable(domain, to);
  if (refusal === undefined) {
    domain.machine.memory.copyFrame(to, from);
    putPageAndType(domain, to);
  } else {
    domain.print("copy-to", refusal);
  }
  putPage(domain, from);
  return refusal;
}

function getWritable(domain: Domain, mfn: number): XenRefusal | undefined {
  if (!getPage(domain, mfn)) return refuseFrame(domain, mfn, "writable page", false);
  const refusal = getPageType(domain, mfn, PGT_WRITABLE);
  if (refusal !== undefined) putPage(domain, mfn);
  return refusal;
}

function flushCache(domain: Domain, errno: number): XenRefusal | undefined {
  if (domain.privileged) return undefined;
  const refusal = refuse(domain, "no-io-rights", errno, { wanted: "I/O rights" });
  domain.print("flush-cache", refusal);
  return refusal;
}

/** With one CPU, local, multi and all are the same. */
function flush(domain: Domain, command: number, hi: number, lo: number): undefined {
  const onePage = command === MMUEXT.INVLPG_LOCAL || command === MMUEXT.INVLPG_MULTI || command === MMUEXT.INVLPG_ALL;
  if (onePage) domain.machine.tlb.invalidate(hi, lo);
  else domain.flushTlb();
}
