/**
 * The references of an entry of L2 and up: to a table of the level below, or (read-only) to one of its own level, a linear page table.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `get_page_from_l2e` and its sisters, `get_l2_linear_pagetable`.
 *
 * @module
 */

import { frameOf, P, RW } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { PGT_COUNT_MASK, PGT_PAE_XEN_L2, PGT_TYPE_MASK, PGT_VALIDATED, tableType } from "./frame_table.ts";
import { refuseFlags } from "./l1_entry.ts";
import type { LevelRules } from "./level_rules.ts";
import { getPage, getPageAndType, putPage, putPageAndType, refuseFrame } from "./page_type.ts";
import { refuse, type XenRefusal } from "./refusal.ts";
import type { XenRule } from "./rules.ts";

/** An entry of a table that is being checked. */
export interface TableEntry {
  /** Machine frame of the table that holds it. */
  readonly table: number;
  /** Index of the entry in its table. */
  readonly slot: number;
  /** Low word. */
  readonly lo: number;
  /** High word. */
  readonly hi: number;
}

/**
 * Takes the references of an entry.
 *
 * @param domain The domain.
 * @param rules Rules of the entry's level, L2 and up.
 * @param entry The entry. One without P refers to nothing.
 * @returns Undefined; or a refusal, with nothing taken.
 */
export function getPageFromTableEntry(domain: Domain, rules: LevelRules, entry: TableEntry): XenRefusal | undefined {
  const { lo, hi } = entry;
  if ((lo & P) === 0) return undefined;
  if (((lo & rules.disallowedLo) | (hi & rules.disallowedHi)) !== 0) return refuseFlags(domain, rules, hi, lo);
  const refusal = getPageAndType(domain, frameOf(hi, lo), tableType(rules.depth - 1));
  if (refusal === undefined) return undefined;
  const left = rules.row.linear && refusal.errno === EINVAL ? getLinearTable(domain, rules, entry, refusal) : refusal;
  return left && withEntry(left, rules, entry);
}

/**
 * Takes the references of the entry in slot 3 of a PAE root. It must be present, and point to an L2 of its own that takes Xen's mappings (trap T5).
 *
 * @param domain The domain.
 * @param rules Rules of the root.
 * @param entry The entry.
 * @returns Undefined; or a refusal, with nothing taken.
 */
export function getPageFromPaeXenSlot(domain: Domain, rules: LevelRules, entry: TableEntry): XenRefusal | undefined {
  const { lo, hi } = entry;
  if ((lo & P) === 0 || ((lo & rules.disallowedLo) | (hi & rules.disallowedHi)) !== 0) {
    return refuse(domain, "pae-slot-empty", EINVAL, {
      mfn: entry.table,
      wanted: "L2 of slot 3",
      lo,
      hi,
      level: rules.depth,
    });
  }
  const refusal = getPageAndType(domain, frameOf(hi, lo), tableType(rules.depth - 1) | PGT_PAE_XEN_L2);
  return refusal && withEntry(refusal, rules, entry);
}

/**
 * Drops the references of an entry. One that points to its own table holds none.
 *
 * @param domain The domain.
 * @param entry The entry.
 */
export function putPageFromTableEntry(domain: Domain, { table, lo, hi }: TableEntry): void {
  const mfn = frameOf(hi, lo);
  if ((lo & P) === 0 || mfn === table) return;
  const { typeInfo, linear } = domain.frames;
  if (((typeInfo[mfn]! ^ typeInfo[table]!) & PGT_TYPE_MASK) === 0) {
    linear[mfn]!++;
    linear[table]!--;
  }
  putPageAndType(domain, mfn);
}

/**
 * The frame cannot be a table of the level below, so the entry may be a linear page table. `found` is the first refusal. It remains the result if
 * the frame is no table of this level either.
 */
function getLinearTable(
  domain: Domain,
  rules: LevelRules,
  { table, lo, hi }: TableEntry,
  found: XenRefusal,
): XenRefusal | undefined {
  const { typeInfo, linear } = domain.frames;
  const mfn = frameOf(hi, lo);
  const sameLevel = ((typeInfo[mfn] ?? 0) & PGT_TYPE_MASK) === rules.type;
  if ((lo & RW) !== 0) {
    const refusal = sameLevel ? refuseLinear(domain, rules, mfn, "linear-writable") : found;
    domain.print("linear-writable", refusal);
    return refusal;
  }
  if (mfn === table) return undefined;
  if (!getPage(domain, mfn)) return refuseFrame(domain, mfn, found.wanted);
  const broken = sameLevel ? brokenRule(domain, table, mfn) : undefined;
  if (!sameLevel || broken !== undefined) {
    putPage(domain, mfn);
    return broken === undefined ? found : refuseLinear(domain, rules, mfn, broken);
  }
  typeInfo[mfn]!++;
  linear[table]!++;
  linear[mfn]!--;
  return undefined;
}

function refuseLinear(domain: Domain, { depth }: LevelRules, mfn: number, rule: XenRule): XenRefusal {
  return refuse(domain, rule, EINVAL, { mfn, wanted: `L${depth}, mapped by another L${depth}` });
}

/** The table must be valid already. Newer releases also refuse if either table is part of a chain, or if a count would overflow. */
function brokenRule({ frames, release }: Domain, table: number, mfn: number): XenRule | undefined {
  const info = frames.typeInfo[mfn] ?? 0;
  const { linearLimits } = release;
  if (linearLimits !== undefined) {
    const entries = frames.linear[table] ?? 0;
    const uses = -(frames.linear[mfn] ?? 0);
    if (entries < 0 || uses < 0) return "linear-chain";
    if (entries >= linearLimits.entries || uses >= linearLimits.uses) return "linear-overflow";
  }
  if ((info & PGT_VALIDATED) === 0) return "linear-not-validated";
  return (info & PGT_COUNT_MASK) >= release.maxTypeCount ? "type-overflow" : undefined;
}

/** Adds the entry to a refusal. */
function withEntry(refusal: XenRefusal, { depth }: LevelRules, { lo, hi }: TableEntry): XenRefusal {
  if (refusal.entry !== undefined) return refusal;
  return Object.freeze({ ...refusal, entry: Object.freeze({ hi: hi >>> 0, lo: lo >>> 0 }), level: depth });
}
