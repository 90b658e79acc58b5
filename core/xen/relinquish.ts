/**
 * The end of a domain: all its references are dropped.
 *
 * Source: Xen 3.1, arch/x86/domain.c, `domain_relinquish_resources` and `relinquish_memory`.
 *
 * @module
 */

import type { Domain } from "./domain.ts";
import { PGT_COUNT_MASK, PGT_PINNED, PGT_VALIDATED, tableLevelOf } from "./frame_table.ts";
import { putPageAndType } from "./page_type.ts";

/**
 * Drops the base pointers, the descriptor table and the pins, and last the references of tables that map each other in a cycle.
 *
 * @param domain The domain.
 */
export function relinquish(domain: Domain): void {
  const { frames, p2m, gdt, rootMfn, userRootMfn } = domain;
  domain.stopPaging();
  domain.gdt = [];
  domain.rootMfn = -1;
  domain.userRootMfn = -1;
  [...gdt, ...[rootMfn, userRootMfn].filter((mfn) => mfn >= 0)].forEach((mfn) => putPageAndType(domain, mfn));
  for (const mfn of p2m) {
    if (((frames.typeInfo[mfn] ?? 0) & PGT_PINNED) === 0) continue;
    frames.typeInfo[mfn]! &= ~PGT_PINNED;
    putPageAndType(domain, mfn);
  }
  for (let depth = domain.levels.length; depth > 0; depth--) breakCircles(domain, depth);
}

/** A table that is still valid is mapped by a table of its own level. Such circles never reach a count of 0, so their contents are dropped first. */
function breakCircles(domain: Domain, depth: number): void {
  const { typeInfo } = domain.frames;
  for (const mfn of domain.p2m) {
    const info = typeInfo[mfn] ?? 0;
    if (tableLevelOf(info) !== depth || (info & PGT_COUNT_MASK) === 0 || (info & PGT_VALIDATED) === 0) continue;
    typeInfo[mfn] = info & ~PGT_VALIDATED;
    domain.tables.demote(domain, mfn, info);
  }
}
