/**
 * Changes an entry of a page table in use.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `mod_l1_entry` to `mod_l4_entry`.
 *
 * @module
 */

import { A, D, P } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { PGT_PAE_XEN_L2 } from "./frame_table.ts";
import { getPageFromL1Entry, putPageFromL1Entry, refuseFlags } from "./l1_entry.ts";
import type { LevelRules } from "./level_rules.ts";
import { refuse, type XenRefusal } from "./refusal.ts";
import { getPageFromTableEntry, putPageFromTableEntry } from "./table_entry.ts";
import { formatEntryPointer } from "./type_info.ts";

/**
 * Changes an L1 entry.
 *
 * @param domain The domain.
 * @param mfn Machine frame of the L1 table.
 * @param index Index of the entry.
 * @param lo New low word.
 * @param hi New high word.
 * @param keepAd Whether A and D of the old entry are kept (`MMU_PT_UPDATE_PRESERVE_AD`).
 * @returns Undefined; or a refusal, and nothing changed.
 */
export function modL1Entry(
  domain: Domain,
  mfn: number,
  index: number,
  hi: number,
  lo: number,
  keepAd = false,
): XenRefusal | undefined {
  const { l1 } = domain;
  const oldLo = domain.entryLo(mfn, index);
  const oldHi = domain.entryHi(mfn, index);
  const kept = keepAd ? oldLo & (A | D) : 0;
  if ((lo & P) === 0) {
    domain.writeEntry(mfn, index, hi, lo | kept);
    putPageFromL1Entry(domain, oldHi, oldLo);
    return undefined;
  }
  if (((lo & l1.disallowedLo) | (hi & l1.disallowedHi)) !== 0) return refuseFlags(domain, l1, hi, lo);
  const newLo = l1.addedLo(hi, lo);
  const newHi = l1.addedHi(hi, lo);
  if ((((oldLo ^ newLo) & l1.recheckLo) | ((oldHi ^ newHi) & l1.recheckHi)) === 0) {
    domain.writeEntry(mfn, index, newHi, newLo | kept);
    return undefined;
  }
  const flipped = getPageFromL1Entry(domain, newHi, newLo);
  if (typeof flipped === "object") return flipped;
  domain.writeEntry(mfn, index, newHi, (newLo ^ flipped) | kept);
  putPageFromL1Entry(domain, oldHi, oldLo);
  return undefined;
}

/**
 * Changes an entry of L2 and up.
 *
 * @param domain The domain.
 * @param rules Rules of the level.
 * @param mfn Machine frame of the table.
 * @param slot Index of the entry.
 * @param lo New low word.
 * @param hi New high word.
 * @param keepAd As `modL1Entry`.
 * @returns Undefined; or a refusal, and nothing changed.
 */
export function modTableEntry(
  domain: Domain,
  rules: LevelRules,
  mfn: number,
  slot: number,
  hi: number,
  lo: number,
  keepAd = false,
): XenRefusal | undefined {
  const refused = refuseSlot(domain, rules, mfn, slot, hi, lo);
  if (refused !== undefined) return refused;
  const old = { table: mfn, slot, lo: domain.entryLo(mfn, slot), hi: domain.entryHi(mfn, slot) };
  const entry = { table: mfn, slot, lo: rules.addedLo(hi, lo), hi: rules.addedHi(hi, lo) };
  const kept = keepAd ? old.lo & (A | D) : 0;
  const differs = ((old.lo ^ entry.lo) & rules.recheckLo) | ((old.hi ^ entry.hi) & rules.recheckHi);
  const present = (lo & P) !== 0;
  const bad = present && ((lo & rules.disallowedLo) | (hi & rules.disallowedHi)) !== 0;
  const harmless = present && !bad && differs === 0;
  if (present && !harmless) {
    const refusal = getPageFromTableEntry(domain, rules, bad ? { ...entry, lo, hi } : entry);
    if (refusal !== undefined) return refusal;
  }
  domain.writeEntry(mfn, slot, entry.hi, entry.lo | kept);
  if (!harmless) putPageFromTableEntry(domain, old);
  tableChanged(domain, rules, mfn);
  return undefined;
}

/** Xen's own slots, and slot 3 of a PAE root in use (trap T5), cannot be changed. The latter is refused without a log line. */
function refuseSlot(
  domain: Domain,
  rules: LevelRules,
  mfn: number,
  slot: number,
  hi: number,
  lo: number,
): XenRefusal | undefined {
  const { paeXenSlot } = domain.contract;
  const fixed = rules === domain.root && paeXenSlot >= 0 && slot >= paeXenSlot;
  const paeXenL2 = ((domain.frames.typeInfo[mfn] ?? 0) & PGT_PAE_XEN_L2) !== 0;
  if (!fixed && !rules.isPrivate(slot, paeXenL2)) return undefined;
  const subject = { mfn, wanted: `a change of slot ${slot}`, lo, hi, level: rules.depth };
  if (fixed) return refuse(domain, "pae-slot-fixed", EINVAL, subject);
  const refusal = refuse(domain, "private-slot", rules.row.privateSlots?.error ?? EINVAL, subject);
  domain.print("private-slot", refusal, { slot, pointer: formatEntryPointer(domain, slot) });
  return refusal;
}

/** A changed PDPTE counts only from the next load of CR3; newer releases flush after every change of a table. */
function tableChanged(domain: Domain, rules: LevelRules, mfn: number): void {
  const inRegisters = domain.machine.mode?.rootInRegisters === true && rules === domain.root;
  if (inRegisters && mfn === domain.rootMfn) domain.loadCr3();
  else if (domain.release.flushesTableUpdates) domain.flushTlb();
}
