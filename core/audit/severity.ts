/**
 * The severity of a finding, as the tables decide it: what a system cannot avoid, or does on purpose, is a note.
 *
 * @module
 */

import { type Mode, RIGHT_RW, RIGHT_US } from "../mmu/mod.ts";
import { pageOf } from "../tables/range_list.ts";
import type { Finding, FindingRange, Severity } from "./findings.ts";
import type { TablesOwner } from "./system.ts";
import { xen32Start } from "./xen_32.ts";
import { isGuestPage, isReadableByGuests } from "./xen_layout.ts";

/** What decides about a severity. */
export interface Circumstances {
  /** Whether the tables can forbid execution. */
  readonly nx: boolean;
  /** Whose they are. */
  readonly owner: TablesOwner;
  /** The paging mode. */
  readonly mode: Mode;
}

/**
 * The severity of a finding.
 *
 * @param finding The finding, with the severity of its kind.
 * @param circumstances The tables.
 * @returns The severity for these tables.
 */
export function severityOf({ id, severity, ranges }: Finding, { nx, owner, mode }: Circumstances): Severity {
  if (!nx && id.endsWith("write-exec")) return "note";
  const somewhere = (test: (page: number) => boolean) =>
    ranges.some(({ linear }) => test(pageOf(linear, mode.linearBits)));
  if (id === "page-table-writable") {
    const open = owner === "xen"
      ? ranges.some((range) => isWritableByGuest(range, mode))
      : ranges.some(isWritableByUser);
    return open ? "high" : severity;
  }
  if (owner === "firmware" && (id === "kernel-write-exec" || id.endsWith("-off"))) return "note";
  if (owner !== "xen") return severity;
  if (id === "alias-write-exec") return "note";
  if (id === "kernel-user-accessible") return somewhere((page) => !isReadableByGuests(page, mode)) ? "high" : "note";
  return severity;
}

/** A 64-bit guest's kernel runs in ring 3, where WP says nothing. That of a 32-bit one is a supervisor, in ring 1, and has all addresses below Xen. */
function isWritableByGuest({ linear, rights }: FindingRange, mode: Mode): boolean {
  const page = pageOf(linear, mode.linearBits);
  if (!isGuestPage(page, mode)) return false;
  if ((rights & RIGHT_US) === 0) return page < xen32Start(mode.entryWords === 2);
  return (rights & RIGHT_RW) !== 0;
}

function isWritableByUser({ rights }: FindingRange): boolean {
  return (rights & RIGHT_US) !== 0 && (rights & RIGHT_RW) !== 0;
}
