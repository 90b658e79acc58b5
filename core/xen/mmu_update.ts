/**
 * The hypercall mmu_update: `*ptr = val` for an entry of any table, and the machine-to-physical table.
 *
 * @module
 */

import type { Domain } from "./domain.ts";
import { EINVAL, ENOSYS, ESRCH } from "./errno.ts";
import { PGT_COUNT_MASK, PGT_GDT, PGT_PAE_XEN_L2, PGT_TYPE_MASK, PGT_WRITABLE, tableLevelOf } from "./frame_table.ts";
import { modL1Entry, modTableEntry } from "./mod_entry.ts";
import { getPage, getPageType, putPage, putPageType, refuseFrame } from "./page_type.ts";
import { refuse, type XenRefusal } from "./refusal.ts";

/**
 * Command 0: a checked write of an entry.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { buildDomain, DOMID_SELF, ENOSYS, Hypervisor, MMU_MACHPHYS_UPDATE } from "@pagetable-init/textbook/xen";
 * import { MMU_NORMAL_PT_UPDATE, MMU_PT_UPDATE_PRESERVE_AD, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * buildDomain(xen);
 * const commands = [MMU_NORMAL_PT_UPDATE, MMU_MACHPHYS_UPDATE, MMU_PT_UPDATE_PRESERVE_AD];
 * const page = xen.domain.p2m[0x2000] ?? 0; // an ordinary page takes every value
 * assertEquals(commands.map((command) => xen.mmuUpdate(page, 0, 0, 0x2000, command).rc), [0, 0, -ENOSYS]);
 * assertEquals(xen.mmuUpdates([], DOMID_SELF), { ok: true, rc: 0, done: 0 });
 * ```
 */
export const MMU_NORMAL_PT_UPDATE = 0;
/** Command 1: `m2p[mfn] = val`. */
export const MMU_MACHPHYS_UPDATE = 1;
/** Command 2: as 0, A and D are kept. Since Xen 3.3 (2a34bc2edd, 15 January 2008). */
export const MMU_PT_UPDATE_PRESERVE_AD = 2;
/** The domain that asks, as an argument of a hypercall. */
export const DOMID_SELF = 0x7ff0;

/** One request of a batch. */
export interface MmuUpdate {
  /** Machine frame that the machine address of the entry lies in (of command 1: the frame meant). */
  readonly mfn: number;
  /** Index of the entry. */
  readonly index: number;
  /** Low word of the value. */
  readonly lo: number;
  /** High word. */
  readonly hi: number;
  /** Command; 0 unless said otherwise. */
  readonly command?: number;
}

/** The result of a batch. */
export interface BatchEnd {
  /** Requests done before. */
  readonly done: number;
  /** Why the next request was refused; undefined if all were done. */
  readonly refusal: XenRefusal | undefined;
}

/**
 * One request.
 *
 * @param domain The domain.
 * @param mfn Machine frame that holds the entry.
 * @param index Index of the entry.
 * @param lo Low word of the value.
 * @param hi High word.
 * @param command `MMU_…`.
 * @returns Undefined, or a refusal.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `do_mmu_update`.
 */
export function mmuUpdate(
  domain: Domain,
  mfn: number,
  index: number,
  hi: number,
  lo: number,
  command: number,
): XenRefusal | undefined {
  if (command === MMU_MACHPHYS_UPDATE) return machphysUpdate(domain, mfn, hi, lo);
  if (!domain.release.updateCommands.includes(command)) return refuseCommand(domain, "update-command", command);
  if (!getPage(domain, mfn)) {
    const refusal = refuseFrame(domain, mfn, "a table of the guest's", domain.release.namesLostFrame);
    domain.print("update-frame", refusal);
    return refusal;
  }
  const refusal = updateEntry(domain, mfn, index, hi, lo, command === MMU_PT_UPDATE_PRESERVE_AD);
  putPage(domain, mfn);
  return refusal;
}

/**
 * Refuses a command that the release does not have.
 *
 * @param domain The domain.
 * @param kind Of which hypercall.
 * @param command The command.
 * @returns The refusal.
 */
export function refuseCommand(domain: Domain, kind: "update-command" | "mmuext-command", command: number): XenRefusal {
  const refusal = refuse(domain, "unknown-command", ENOSYS, { wanted: `command ${command}` });
  domain.print(kind, refusal, { command });
  return refusal;
}

/**
 * A batch. It stops at the first request that fails.
 *
 * @param domain The domain.
 * @param requests The requests.
 * @param foreigndom Domain that owns the frames. Only one domain exists here, so any other is an error.
 * @returns The number of requests done, and the refusal that ended the batch, if any.
 */
export function mmuUpdates(domain: Domain, requests: readonly MmuUpdate[], foreigndom: number): BatchEnd {
  if (foreigndom !== DOMID_SELF) {
    const refusal = refuse(domain, "foreign-domain", ESRCH, { wanted: `domain ${foreigndom}` });
    domain.print("foreign-domain", refusal);
    return { done: 0, refusal };
  }
  for (const [done, { mfn, index, lo, hi, command = 0 }] of requests.entries()) {
    const refusal = mmuUpdate(domain, mfn, index, hi, lo, command);
    if (refusal !== undefined) return { done, refusal };
  }
  return { done: requests.length, refusal: undefined };
}

/** Holds a reference to the table, by its present type, while the entry changes. A frame that is no table is written as a writable page (trap T8). */
function updateEntry(
  domain: Domain,
  mfn: number,
  index: number,
  hi: number,
  lo: number,
  keepAd: boolean,
): XenRefusal | undefined {
  const info = domain.frames.typeInfo[mfn] ?? 0;
  const depth = tableLevelOf(info);
  const inUse = (info & PGT_COUNT_MASK) !== 0;
  const used = inUse || domain.release.revalidatesUnusedTables;
  const type = depth > 0 && used ? info & (PGT_TYPE_MASK | PGT_PAE_XEN_L2) : PGT_WRITABLE;
  if (inUse && (info & PGT_TYPE_MASK) === PGT_GDT && domain.release.silentOnDescriptors) {
    return refuse(domain, "type-conflict", EINVAL, { mfn, wanted: "writable page", lo, hi });
  }
  if (type === PGT_WRITABLE || getPageType(domain, mfn, type) !== undefined) {
    return plainStore(domain, mfn, index, hi, lo);
  }
  const refusal = depth === 1
    ? modL1Entry(domain, mfn, index, hi, lo, keepAd)
    : modTableEntry(domain, domain.rulesOf(depth), mfn, index, hi, lo, keepAd);
  putPageType(domain, mfn);
  return refusal;
}

function plainStore(domain: Domain, mfn: number, index: number, hi: number, lo: number): XenRefusal | undefined {
  const refusal = getPageType(domain, mfn, PGT_WRITABLE);
  if (refusal !== undefined) return refusal;
  domain.writeEntry(mfn, index, hi, lo);
  putPageType(domain, mfn);
  return undefined;
}

function machphysUpdate(domain: Domain, mfn: number, hi: number, lo: number): XenRefusal | undefined {
  if (!getPage(domain, mfn)) {
    const refusal = refuseFrame(domain, mfn, "a page of the guest's");
    domain.print("m2p-frame", refusal);
    return refusal;
  }
  domain.setM2p(mfn, hi, lo);
  putPage(domain, mfn);
  return undefined;
}
