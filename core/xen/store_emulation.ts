/**
 * A guest's store that faulted: it has hit a read-only L1 table and is emulated after a check, or Xen has a reason to refuse it, or the fault is the
 * guest's own affair.
 *
 * Since August 2006 (228f081e08, Xen 3.0.3) "writable page tables" means this: each store is emulated by itself. Direct stores to tables above L1
 * never are (trap T10).
 *
 * Source: Xen 3.1, arch/x86/mm.c, `ptwr_do_page_fault` and `ptwr_emulated_update`; Xen 4.17, pv/ro-page-fault.c.
 *
 * @module
 */

import { A, frameOf, P, PF_W, READ, RW } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { OWNER_GUEST, PGT_COUNT_MASK, PGT_GDT, PGT_L1, PGT_TYPE_MASK, tableLevelOf } from "./frame_table.ts";
import { getPageFromL1Entry, putPageFromL1Entry } from "./l1_entry.ts";
import { refuse, type XenRefusal } from "./refusal.ts";
import { formatLinear } from "./type_info.ts";

const OFFSET = 0xfff;

/** The guest's own tables forbid the store; no rule of Xen's refused it. */
export const GUESTS_FAULT = "guest's fault";

/** Why a store that faulted is not made; undefined if Xen has made it. */
export type Emulation = undefined | typeof GUESTS_FAULT | XenRefusal;

/**
 * Emulates a store that faulted, if it is one to an L1 table in use. There is no fast path: the whole new entry is checked each time. The other half of
 * an entry is read through the guest's mapping, which sets the A bit of that mapping.
 *
 * @param domain The domain.
 * @param fault The result of `Machine.translate`: -1 minus the error code.
 * @param hi High word of the linear address, signed.
 * @param lo Low word, signed, aligned.
 * @param bytes Width of the store, 4 or 8.
 * @param valueLo Low word of what is stored.
 * @param valueHi High word.
 * @returns Why it is not made; undefined if it is.
 */
export function emulateStore(
  domain: Domain,
  fault: number,
  hi: number,
  lo: number,
  bytes: number,
  valueHi: number,
  valueLo: number,
): Emulation {
  if (((-1 - fault) & PF_W) === 0) return GUESTS_FAULT; // a load: none comes here
  const table = findTable(domain, hi, lo);
  if (table < 0) return whyNotEmulated(domain, hi, lo);
  const { words, l1 } = domain;
  const index = (lo & OFFSET) >>> (words + 1);
  const oldLo = domain.entryLo(table, index);
  const oldHi = domain.entryHi(table, index);
  const half = bytes !== words * 4;
  const upper = half && (lo & 4) !== 0;
  if (half && (domain.foundLo & A) === 0) domain.machine.translate(hi, lo, READ + domain.ring);
  const entryLo = upper ? oldLo : valueLo;
  const entryHi = upper ? valueLo : half ? oldHi : valueHi;
  let flipped = getPageFromL1Entry(domain, entryHi, entryLo);
  if (typeof flipped === "object") {
    if (!upper || !domain.contract.rescuesUpperHalf || (entryLo & P) === 0) {
      domain.print("ptwr-refused", flipped);
      return flipped;
    }
    domain.print("ptwr-rescue", flipped);
    flipped = P;
  }
  const newLo = entryLo ^ flipped;
  domain.writeEntry(table, index, l1.addedHi(entryHi, newLo), l1.addedLo(entryHi, newLo));
  putPageFromL1Entry(domain, oldHi, oldLo);
  domain.cost.emulatedStores++;
  return undefined;
}

/**
 * Why a store that faulted is refused without emulation: its target is Xen's, a table above L1, or a descriptor table.
 *
 * @param domain The domain.
 * @param hi High word of the linear address, signed.
 * @param lo Low word.
 * @returns A refusal; or `GUESTS_FAULT` if the guest itself has made the page read-only or absent.
 */
export function whyNotEmulated(domain: Domain, hi: number, lo: number): XenRefusal | typeof GUESTS_FAULT {
  if (domain.isXenAddress(hi, lo)) {
    return refuse(domain, "xen-address", EINVAL, { wanted: "an address of the guest's" });
  }
  if (!domain.findL1Entry(hi, lo) || (domain.foundLo & P) === 0) return GUESTS_FAULT;
  const mfn = frameOf(domain.foundHi, domain.foundLo);
  const info = domain.frames.typeInfo[mfn] ?? 0;
  const special = tableLevelOf(info) !== 0 || (info & PGT_TYPE_MASK) === PGT_GDT;
  if (!special || (info & PGT_COUNT_MASK) === 0) return GUESTS_FAULT;
  return refuse(domain, "store-not-emulated", EINVAL, { mfn, wanted: "writable page" });
}

/**
 * A store that is not aligned and has faulted: on a table it is refused.
 *
 * @param domain The domain.
 * @param fault The result of `Machine.translate`: -1 minus the error code.
 * @param hi High word of the address that faulted, signed.
 * @param lo Low word.
 * @param store Where the store begins, and how wide it is.
 * @returns A refusal, or `GUESTS_FAULT`.
 */
export function refuseUnaligned(
  domain: Domain,
  fault: number,
  hi: number,
  lo: number,
  store: { readonly hi: number; readonly lo: number; readonly bytes: number },
): XenRefusal | typeof GUESTS_FAULT {
  if (((-1 - fault) & PF_W) === 0) return GUESTS_FAULT; // an unaligned load: none comes here
  const mfn = findTable(domain, hi, lo);
  if (mfn < 0) return whyNotEmulated(domain, hi, lo);
  const refusal = refuse(domain, "store-alignment", EINVAL, { mfn, wanted: "an aligned store" });
  const addr = formatLinear(store.hi, store.lo);
  domain.print("ptwr-access", refusal, { cr2: formatLinear(hi, lo), addr, bytes: store.bytes });
  return refusal;
}

/** The L1 table in use that a read-only entry maps at an address; -1 if there is none. Leaves its entry where `findL1Entry` does. */
function findTable(domain: Domain, hi: number, lo: number): number {
  if (domain.isXenAddress(hi, lo) || !domain.findL1Entry(hi, lo)) return -1;
  if ((domain.foundLo & (P | RW)) !== P) return -1;
  const { frames } = domain;
  const mfn = frameOf(domain.foundHi, domain.foundLo);
  if (mfn >= frames.length || frames.owner[mfn] !== OWNER_GUEST) {
    if (domain.release.logsForeignFault) {
      domain.print("no-frame", refuse(domain, "not-the-guests", EINVAL, { mfn, wanted: "L1" }));
    }
    return -1;
  }
  const info = frames.typeInfo[mfn] ?? 0;
  return (info & PGT_TYPE_MASK) === PGT_L1 && (info & PGT_COUNT_MASK) !== 0 ? mfn : -1;
}
