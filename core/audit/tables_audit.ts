/**
 * The tables of a machine about which nothing is known but the tables: the map, and what is wrong with it.
 *
 * @module
 */

import { isMissing } from "../mmu/assumed.ts";
import { EFER_NXE, type Linear } from "../mmu/mod.ts";
import { scanRanges } from "../tables/page_ranges.ts";
import { type Tables, type TableUse, tableUses } from "../tables/tables.ts";
import type { Finding, Findings, Severity } from "./findings.ts";
import { DirectMapFinder, type KernelHalf, kernelHalfOf } from "./kernel_half.ts";
import { type MapRow, MapRows } from "./map_rows.ts";
import { Search } from "./search.ts";
import { OwnerFinder, type TablesOwner } from "./system.ts";

/**
 * The page tables of a machine, audited.
 *
 * @category Types
 */
export interface TablesAudit {
  /** All leaves, by linear address. */
  readonly map: readonly MapRow[];
  /** Ranges that did not fit the map (`MAX_ROWS`). */
  readonly dropped: number;
  /** Number of leaves. */
  readonly leaves: number;
  /** The frames that serve as page tables. */
  readonly tables: readonly TableUse[];
  /** Whether these tables can forbid execution at all: 8-byte entries and EFER.NXE. */
  readonly nx: boolean;
  /** Whether RW binds the supervisor: CR0.WP. */
  readonly writeProtect: boolean;
  /** Where the kernel half was taken to begin. */
  readonly kernelHalf: KernelHalf;
  /** Whose tables these are, by their structure: a guess. */
  readonly owner: TablesOwner;
  /** What was found, worst first. */
  readonly findings: Findings;
}

/**
 * Audits tables of which nothing but the tables is known.
 *
 * @param tables The tables.
 * @param kernelHalf First linear address of the kernel, if the caller knows it.
 * @param cpuKnown Whether the tables' CPU is the machine's own: else nothing is said of features that are not used.
 * @returns The map and the findings.
 * @throws {RangeError} If the tables refer to each other in loops (`MAX_TABLES`).
 */
export function auditTables(tables: Tables, kernelHalf: Linear | undefined, cpuKnown: boolean): TablesAudit {
  const uses = [...tableUses(tables)].filter(({ frame }) => !isMissing(tables, frame));
  const rows = new MapRows(tables.mode.linearBits);
  const directMap = new DirectMapFinder();
  const ownerFinder = new OwnerFinder(tables.mode);
  const search = new Search(tables, uses, cpuKnown);
  let leaves = 0;
  scanRanges(
    tables,
    undefined,
    (page, pages, shift, frame, rights, flags) => {
      leaves += pages / 2 ** (shift - 12);
      rows.add(page, pages, shift, frame, rights, flags);
      directMap.range(page, pages, frame, rights);
      ownerFinder.range(page, pages, frame, rights);
      search.range(page, pages, frame, rights);
    },
    (why, level, page, hi, lo, bits) => search.odd(why, level, page, hi, lo, bits),
  );
  rows.finish();
  const owner = ownerFinder.owner();
  const nx = tables.mode.entryWords === 2 && (tables.efer & EFER_NXE) !== 0;
  const half = kernelHalfOf(tables.mode, kernelHalf, directMap);
  return {
    map: rows.rows,
    dropped: rows.dropped,
    leaves,
    tables: uses,
    nx,
    writeProtect: search.writeProtect,
    kernelHalf: half,
    owner,
    findings: worstFirst(
      search.findings(half.linear).map((finding) => ({ ...finding, severity: severityOf(finding, nx, owner) })),
    ),
  };
}

/** Severe is what somebody could have done otherwise: not what tables cannot forbid, nor how firmware and Xen work. */
function severityOf({ id, severity }: Finding, nx: boolean, owner: TablesOwner): Severity {
  const asItMust = (!nx && id.endsWith("write-exec")) || (owner === "firmware" && id === "kernel-write-exec") ||
    (owner === "xen" && (id === "kernel-user-accessible" || id === "alias-write-exec"));
  return asItMust ? "note" : severity;
}

const SEVERITIES: readonly Severity[] = ["high", "medium", "note"];

function worstFirst(findings: readonly Finding[]): Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
