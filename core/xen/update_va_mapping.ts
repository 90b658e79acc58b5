/**
 * The hypercall update_va_mapping: changes the L1 entry of a linear address in the tables that CR3 has loaded (trap T7).
 *
 * @module
 */

import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { PGT_COUNT_MASK, PGT_L1, PGT_TYPE_MASK } from "./frame_table.ts";
import { modL1Entry } from "./mod_entry.ts";
import { refuse, type XenRefusal } from "./refusal.ts";

/**
 * No flush.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { buildDomain, Hypervisor, UVMF_ALL, UVMF_INVLPG, UVMF_NONE } from "@pagetable-init/textbook/xen";
 * import { UVMF_TLB_FLUSH, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * buildDomain(xen);
 * const entry = ((xen.domain.p2m[0x100] ?? 0) << 12) | 0x61; // read-only
 * assertEquals(xen.updateVaMapping(0, 0xc0100000 | 0, 0, entry, UVMF_INVLPG | UVMF_ALL).ok, true);
 * assertEquals(xen.store32(0, 0xc0100000 | 0, 7).fault?.errorCode, 3);
 * assertEquals(UVMF_NONE | UVMF_TLB_FLUSH, 1);
 * ```
 */
export const UVMF_NONE = 0;
/** Flush everything. */
export const UVMF_TLB_FLUSH = 1;
/** Flush the page of the address. */
export const UVMF_INVLPG = 2;
/** On all CPUs of the domain. There is one here. */
export const UVMF_ALL = 4;
const FLUSH_TYPE = 3;

/**
 * Changes the entry.
 *
 * @param domain The domain.
 * @param hi High word of the linear address.
 * @param lo Low word.
 * @param entryLo Low word of the entry.
 * @param entryHi High word.
 * @param flags `UVMF_…`. Without a flush the guest keeps its old translation, unless the frame's type changes: then Xen flushes (trap T9).
 * @returns Undefined, or a refusal.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `do_update_va_mapping`. Where the tables map themselves, the entry found lies in a table above L1:
 * refused here as 4.17 does.
 */
export function updateVaMapping(
  domain: Domain,
  hi: number,
  lo: number,
  entryHi: number,
  entryLo: number,
  flags: number,
): XenRefusal | undefined {
  if (domain.isXenAddress(hi, lo)) {
    return refuse(domain, "xen-address", EINVAL, { wanted: "an address of the guest's", lo: entryLo, hi: entryHi });
  }
  const refusal = updateFound(domain, hi, lo, entryHi, entryLo);
  if (refusal === undefined || domain.release.flushesRefusedUpdates) flush(domain, hi, lo, flags & FLUSH_TYPE);
  return refusal;
}

function updateFound(
  domain: Domain,
  hi: number,
  lo: number,
  entryHi: number,
  entryLo: number,
): XenRefusal | undefined {
  if (!domain.findL1Entry(hi, lo)) {
    return refuse(domain, "no-mapping", EINVAL, { wanted: "an L1 entry", lo: entryLo, hi: entryHi, level: 1 });
  }
  const mfn = domain.foundMfn;
  const info = domain.frames.typeInfo[mfn] ?? 0;
  if ((info & PGT_TYPE_MASK) === PGT_L1 && (info & PGT_COUNT_MASK) !== 0) {
    return modL1Entry(domain, mfn, domain.foundIndex, entryHi, entryLo);
  }
  return refuse(domain, "not-an-l1-entry", EINVAL, { mfn, wanted: "L1", lo: entryLo, hi: entryHi, level: 1 });
}

function flush(domain: Domain, hi: number, lo: number, type: number): void {
  if (type === UVMF_TLB_FLUSH) domain.flushTlb();
  else if (type === UVMF_INVLPG) domain.machine.tlb.invalidate(hi, lo);
}
