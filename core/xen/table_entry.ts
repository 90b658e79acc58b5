/**
 * What an entry of L2 and up refers to: a table of the level below, or (read-only) one of its own level, a linear page table.
 *
 * Source: Xen 3.1 and 4.17, arch/x86/mm.c, `get_page_from_l2e` and its sisters, `get_l2_linear_pagetable`.
 *
 * @module
 */

import { P, RW } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { PGT_COUNT_MASK, PGT_PAE_XEN_L2, PGT_TYPE_MASK, PGT_VALIDATED } from "./frame_table.ts";
import type { LevelRules } from "./level_rules.ts";
import { getPage, getPageAndType, putPage, putPageAndType } from "./page_type.ts";

/** An entry of a table, on its way through the checks. */
export interface TableEntry {
  /** Machine frame of the table that holds it. */
  readonly table: number;
  /** Its slot. */
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
 * @returns 0, or a negative error number and nothing taken.
 */
export function getPageFromTableEntry(domain: Domain, rules: LevelRules, entry: TableEntry): number {
  const { lo, hi } = entry;
  if ((lo & P) === 0) return 0;
  if (((lo & rules.disallowedLo) | (hi & rules.disallowedHi)) !== 0) {
    domain.print("bad-flags", { level: rules.depth, flags: rules.badFlags(lo, hi) });
    return -EINVAL;
  }
  const mfn = (hi & 0xf_ffff) * 0x10_0000 + (lo >>> 12);
  const rc = getPageAndType(domain, mfn, (rules.depth - 1) << 29);
  return rc === -EINVAL && rules.row.linear ? getLinearTable(domain, rules, entry, mfn) : rc;
}

/**
 * Takes the references of the entry in slot 3 of a PAE root. It must be present, and point to an L2 of its own that takes Xen's mappings (trap T5).
 *
 * @param domain The domain.
 * @param rules Rules of the root.
 * @param entry The entry.
 * @returns 0, or a negative error number and nothing taken.
 */
export function getPageFromPaeXenSlot(domain: Domain, rules: LevelRules, { lo, hi }: TableEntry): number {
  if ((lo & P) === 0 || ((lo & rules.disallowedLo) | (hi & rules.disallowedHi)) !== 0) return -EINVAL;
  const mfn = (hi & 0xf_ffff) * 0x10_0000 + (lo >>> 12);
  return getPageAndType(domain, mfn, ((rules.depth - 1) << 29) | PGT_PAE_XEN_L2);
}

/**
 * Drops the references of an entry. One that points to its own table holds none.
 *
 * @param domain The domain.
 * @param entry The entry.
 */
export function putPageFromTableEntry(domain: Domain, { table, lo, hi }: TableEntry): void {
  const mfn = (hi & 0xf_ffff) * 0x10_0000 + (lo >>> 12);
  if ((lo & P) === 0 || mfn === table) return;
  const { typeInfo, linear } = domain.frames;
  if (((typeInfo[mfn]! ^ typeInfo[table]!) & PGT_TYPE_MASK) === 0) {
    linear[mfn]!++;
    linear[table]!--;
  }
  putPageAndType(domain, mfn);
}

function getLinearTable(domain: Domain, rules: LevelRules, { table, lo }: TableEntry, mfn: number): number {
  if ((lo & RW) !== 0) {
    domain.print("linear-writable", {});
    return -EINVAL;
  }
  if (mfn === table) return 0;
  if (!getPage(domain, mfn)) {
    domain.print("no-frame", { mfn });
    return -EINVAL;
  }
  if (!mayMap(domain, rules, table, mfn)) {
    putPage(domain, mfn);
    return -EINVAL;
  }
  const { typeInfo, linear } = domain.frames;
  typeInfo[mfn]!++;
  linear[table]!++;
  linear[mfn]!--;
  return 0;
}

/** The other table must be valid already; newer releases want neither of the two to be in a chain. */
function mayMap({ frames, release }: Domain, rules: LevelRules, table: number, mfn: number): boolean {
  const info = frames.typeInfo[mfn] ?? 0;
  const chained = (frames.linear[table] ?? 0) < 0 || (frames.linear[mfn] ?? 0) > 0;
  return (info & (PGT_TYPE_MASK | PGT_VALIDATED)) === (rules.type | PGT_VALIDATED) &&
    (info & PGT_COUNT_MASK) < release.maxTypeCount && (release.linearChains || !chained);
}
