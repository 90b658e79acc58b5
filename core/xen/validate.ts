/**
 * Validates a frame as a page table, by a check of all its entries; and drops their references when it ceases to be one.
 *
 * Source: Xen 3.1, arch/x86/mm.c, `alloc_l1_table` to `alloc_l4_table` and `free_…`; Xen 4.17 calls them `promote_…` and `demote_…`.
 *
 * @module
 */

import { frameOf, P } from "../mmu/mod.ts";
import type { Domain, TableValidator } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { PGT_COUNT_MASK, PGT_PAE_XEN_L2, tableLevelOf } from "./frame_table.ts";
import { getPageFromL1Entry, putPageFromL1Entry } from "./l1_entry.ts";
import type { LevelRules } from "./level_rules.ts";
import { refuse, useOf, type XenRefusal } from "./refusal.ts";
import { getPageFromPaeXenSlot, getPageFromTableEntry, putPageFromTableEntry, type TableEntry } from "./table_entry.ts";

const LOWEST_FRAME_ABOVE_4G = 0x10_0000;

/** Checks every entry of a frame for a type of page table. A frame of segment descriptors is not checked, because descriptors are not modelled. */
export const TABLES: TableValidator = Object.freeze({
  promote(domain: Domain, mfn: number, type: number): XenRefusal | undefined {
    const depth = tableLevelOf(type);
    if (depth === 0) return undefined;
    if (depth > domain.levels.length) {
      return refuse(domain, "level-not-modelled", EINVAL, { mfn, wanted: useOf(type) });
    }
    return depth === 1 ? promoteL1(domain, mfn) : promoteTable(domain, domain.rulesOf(depth), mfn, type);
  },
  demote(domain: Domain, mfn: number, typeInfo: number): void {
    const depth = tableLevelOf(typeInfo);
    if (depth === 1) dropL1(domain, mfn, domain.l1.entries);
    else demoteTable(domain, domain.rulesOf(depth), mfn, typeInfo);
  },
});

function promoteL1(domain: Domain, mfn: number): XenRefusal | undefined {
  const { l1 } = domain;
  for (let index = 0; index < l1.entries; index++) {
    const lo = domain.entryLo(mfn, index);
    const hi = domain.entryHi(mfn, index);
    if ((lo & P) === 0) continue;
    const flipped = getPageFromL1Entry(domain, hi, lo);
    if (typeof flipped === "object") {
      domain.print("table-failed", flipped, { level: 1, slot: index });
      dropL1(domain, mfn, index);
      return flipped;
    }
    adjust(domain, l1, { table: mfn, slot: index, lo: lo ^ flipped, hi });
  }
  return undefined;
}

function dropL1(domain: Domain, mfn: number, end: number): void {
  for (let index = end - 1; index >= 0; index--) {
    const lo = domain.entryLo(mfn, index);
    if ((lo & P) !== 0) putPageFromL1Entry(domain, domain.entryHi(mfn, index), lo);
  }
}

function promoteTable(domain: Domain, rules: LevelRules, mfn: number, type: number): XenRefusal | undefined {
  const paeXenL2 = (type & PGT_PAE_XEN_L2) !== 0;
  if (rules === domain.root && domain.contract.rootBelow4G && mfn >= LOWEST_FRAME_ABOVE_4G) {
    const refusal = refuse(domain, "pae-root-high", EINVAL, { mfn, wanted: "L3 below 4G", level: rules.depth });
    domain.print("pae-root-high", refusal);
    return refusal;
  }
  if (rules.row.clearsRest) clearRest(domain, rules, mfn);
  for (let slot = 0; slot < rules.entries; slot++) {
    if (rules.isPrivate(slot, paeXenL2)) continue;
    const entry = entryAt(domain, mfn, slot);
    const refusal = getEntry(domain, rules, entry);
    if (refusal !== undefined) {
      domain.print("table-failed", refusal, { level: rules.depth, slot });
      dropEntries(domain, rules, mfn, { end: slot, paeXenL2 });
      return refusal;
    }
    adjust(domain, rules, entry);
  }
  if (rules.isPrivate(rules.privateFirst, paeXenL2)) domain.fillPrivateSlots(rules, mfn, false);
  return undefined;
}

function clearRest(domain: Domain, rules: LevelRules, mfn: number): void {
  for (let slot = rules.entries; slot < 1024 / domain.words; slot++) {
    if ((domain.entryLo(mfn, slot) | domain.entryHi(mfn, slot)) !== 0) domain.writeEntry(mfn, slot, 0, 0);
  }
}

/** Takes the references of one entry. The L2 in slot 3 must have no other user: Xen's linear mappings in it are for one root. */
function getEntry(domain: Domain, rules: LevelRules, entry: TableEntry): XenRefusal | undefined {
  if (rules !== domain.root || entry.slot !== domain.contract.paeXenSlot) {
    return getPageFromTableEntry(domain, rules, entry);
  }
  const refusal = getPageFromPaeXenSlot(domain, rules, entry);
  if (refusal !== undefined) return refusal;
  const { lo, hi } = entry;
  const l2 = frameOf(hi, lo);
  if (((domain.frames.typeInfo[l2] ?? 0) & PGT_COUNT_MASK) === 1) return undefined;
  const shared = refuse(domain, "pae-slot-shared", EINVAL, {
    mfn: l2,
    wanted: "L2 of slot 3",
    lo,
    hi,
    level: rules.depth,
  });
  domain.print("pae-slot-shared", shared);
  putPageFromTableEntry(domain, entry);
  return shared;
}

function demoteTable(domain: Domain, rules: LevelRules, mfn: number, typeInfo: number): void {
  dropEntries(domain, rules, mfn, { end: rules.entries, paeXenL2: (typeInfo & PGT_PAE_XEN_L2) !== 0 });
}

function dropEntries(
  domain: Domain,
  rules: LevelRules,
  mfn: number,
  { end, paeXenL2 }: { readonly end: number; readonly paeXenL2: boolean },
): void {
  const removed = rules.row.added?.removedLo ?? 0;
  for (let slot = end - 1; slot >= 0; slot--) {
    if (rules.isPrivate(slot, paeXenL2)) continue;
    const entry = entryAt(domain, mfn, slot);
    putPageFromTableEntry(domain, entry);
    if ((entry.lo & P) !== 0 && (entry.lo & removed) !== 0) {
      domain.writeEntry(mfn, slot, entry.hi, entry.lo & ~removed);
    }
  }
}

/** Writes an entry with the bits that Xen adds, if that changes it. */
function adjust(domain: Domain, rules: LevelRules, { table, slot, lo, hi }: TableEntry): void {
  if ((lo & P) === 0) return;
  const newLo = rules.addedLo(hi, lo);
  const newHi = rules.addedHi(hi, lo);
  if (newLo !== domain.entryLo(table, slot) || newHi !== hi) domain.writeEntry(table, slot, newHi, newLo);
}

function entryAt(domain: Domain, table: number, slot: number): TableEntry {
  return { table, slot, lo: domain.entryLo(table, slot), hi: domain.entryHi(table, slot) };
}
