/**
 * The audit of a machine of which only the page tables are known: its map and findings.
 *
 * @module
 */

import { isMissing } from "../mmu/assumed.ts";
import { EFER_NXE, type Linear } from "../mmu/mod.ts";
import { scanRanges } from "../tables/page_ranges.ts";
import { pageOf, type TakeRange } from "../tables/range_list.ts";
import type { VisitOdd } from "../tables/scan.ts";
import { type Tables, type TableUse, tableUses } from "../tables/tables.ts";
import { type AbsentEntries, absentEntries, emptyTables, placedTables, selfMaps } from "./absent.ts";
import type { Finding, Findings, Severity } from "./findings.ts";
import { globalsUnderIsolation, type Isolation, isolationOf } from "./isolation.ts";
import { DirectMapFinder, type KernelHalf, kernelHalfOf } from "./kernel_half.ts";
import { type MapRow, MapRows } from "./map_rows.ts";
import type { Region } from "./regions.ts";
import { Search } from "./search.ts";
import { severityOf } from "./severity.ts";
import { OwnerFinder, type TablesOwner } from "./system.ts";

/** Leaves of one size. */
export interface LeafSize {
  /** Log2 of the page size. */
  readonly shift: number;
  /** Number of leaves. */
  readonly leaves: number;
}

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
  /** Leaves by their size, smallest first. */
  readonly sizes: readonly LeafSize[];
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
  /** What speaks for this guess, a phrase each. */
  readonly evidence: readonly string[];
  /** Which of the two roots of page-table isolation this is; undefined without isolation. */
  readonly isolation: Isolation | undefined;
  /** The regions of the address space in which something is mapped, by linear address. */
  readonly regions: readonly Region[];
  /** Entries that are not present and not zero, by what they are. */
  readonly absent: readonly AbsentEntries[];
  /** The findings, worst first; those that do not apply are left out. */
  readonly findings: Findings;
}

/** A map to audit: out of tables, or out of a text that another program printed. */
export interface MapSource {
  /** Mode, CPU and registers. */
  readonly tables: Tables;
  /** The frames of the tables, none if they are not known. */
  readonly uses: readonly TableUse[];
  /** Hands over all ranges, by linear address; a frame of -1 is not known. */
  readonly scan: (take: TakeRange, odd: VisitOdd) => void;
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
  const scan = (take: TakeRange, odd: VisitOdd) => scanRanges(tables, undefined, take, odd);
  return auditMap({ tables, uses, scan }, kernelHalf, cpuKnown);
}

/**
 * Audits a map.
 *
 * @param source The map.
 * @param kernelHalf As `auditTables` has it.
 * @param cpuKnown As `auditTables` has it.
 * @returns The map and the findings.
 */
export function auditMap(
  { tables, uses, scan }: MapSource,
  kernelHalf: Linear | undefined,
  cpuKnown: boolean,
): TablesAudit {
  const { mode } = tables;
  const rows = new MapRows(mode.linearBits);
  const directMap = new DirectMapFinder();
  const ownerFinder = new OwnerFinder(mode);
  const search = new Search(tables, uses, cpuKnown);
  const sizes = new Map<number, number>();
  scan(
    (page, pages, shift, frame, rights, flags) => {
      sizes.set(shift, (sizes.get(shift) ?? 0) + pages / 2 ** (shift - 12));
      rows.add(page, pages, shift, frame, rights, flags);
      if (frame >= 0) directMap.range(page, pages, frame, rights);
      ownerFinder.range(page, pages, frame, rights);
      search.range(page, pages, frame, rights);
    },
    (why, level, page, hi, lo, bits) => search.odd(why, level, page, hi, lo, bits),
  );
  rows.finish();
  const half = kernelHalfOf(mode, kernelHalf, directMap);
  const placed = placedTables(uses, mode);
  const { owner, evidence, regions } = ownerFinder.system(rows.rows, {
    mode,
    kernelHalf: half.linear,
    distance: directMap.distance(),
    emptyTables: mode.linearBits > 32 ? [] : emptyTables(tables, placed),
    selfMaps: uses.length === 0 ? [] : selfMaps(tables),
  });
  const isolation = uses.length > 0 ? isolationUnder(owner, tables) : undefined;
  const nx = mode.entryWords === 2 && (tables.efer & EFER_NXE) !== 0;
  const globals = globalsUnderIsolation(rows.rows, regions, isolation, mode.linearBits);
  const found = [...search.findings(half.linear), ...globals];
  const judged = found.map((finding) => ({ ...finding, severity: severityOf(finding, { nx, owner, mode }) }));
  return {
    map: rows.rows,
    dropped: rows.dropped,
    leaves: [...sizes.values()].reduce((sum, leaves) => sum + leaves, 0),
    sizes: [...sizes].sort(([a], [b]) => a - b).map(([shift, leaves]) => ({ shift, leaves })),
    tables: uses,
    nx,
    writeProtect: search.writeProtect,
    kernelHalf: half,
    owner,
    evidence,
    isolation,
    regions,
    absent: absentEntries(tables, placed, owner === "linux", pageOf(half.linear, mode.linearBits)),
    findings: worstFirst(judged),
  };
}

/** Only Linux isolates tables. User mode's root may have too little of the kernel to recognise Linux; then both roots must be there. */
function isolationUnder(owner: TablesOwner, tables: Tables): Isolation | undefined {
  if (owner === "xen" || owner === "firmware") return undefined;
  const isolation = isolationOf(tables);
  return owner === "linux" || isolation?.other !== undefined ? isolation : undefined;
}

const SEVERITIES: readonly Severity[] = ["high", "medium", "note"];

function worstFirst(findings: readonly Finding[]): Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
