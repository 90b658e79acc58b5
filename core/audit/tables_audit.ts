/**
 * The audit of a machine of which only the page tables are known: its map and findings.
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
  /** First address of the kernel half, as given or found. */
  readonly kernelHalf: KernelHalf;
  /** The kind of system, guessed from the structure of its tables. */
  readonly owner: TablesOwner;
  /** The findings, worst first; those that do not apply are left out. */
  readonly findings: Findings;
}

/**
 * Audits the tables of a machine without a known kernel.
 *
 * @param tables The tables.
 * @param kernelHalf First linear address of the kernel, if the caller knows it.
 * @param cpuKnown Whether the CPU that used the tables is known. If not, no finding is about a feature that is switched off.
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

/**
 * A finding keeps its severity only if the kernel could have avoided it: not if tables of this format cannot forbid it, or if firmware and
 * Xen work that way.
 */
function severityOf({ id, severity }: Finding, nx: boolean, owner: TablesOwner): Severity {
  const asItMust = (!nx && id.endsWith("write-exec")) || (owner === "firmware" && id === "kernel-write-exec") ||
    (owner === "xen" && (id === "kernel-user-accessible" || id === "alias-write-exec"));
  return asItMust ? "note" : severity;
}

const SEVERITIES: readonly Severity[] = ["high", "medium", "note"];

function worstFirst(findings: readonly Finding[]): Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
