/**
 * The tables of a machine about which nothing is known but the tables: the map, and what is wrong with it.
 *
 * @module
 */

import { CR0_WP, EFER_NXE, type Linear, type Mode, RIGHT_NX, RIGHT_RW, RIGHT_US } from "../mmu/mod.ts";
import { scanRanges } from "../tables/page_ranges.ts";
import { linearOf, pagesBetween } from "../tables/range_list.ts";
import { type Tables, type TableUse, tableUses } from "../tables/tables.ts";
import { type Finding, type FindingId, FindingPlaces, FINDINGS, type Findings } from "./findings.ts";
import { type MapRow, MapRows } from "./map_rows.ts";
import { firstEndingAfter, type Stretch, stretchesOf } from "./stretches.ts";

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
  readonly kernelHalf: Linear;
  /** What was found, worst first. */
  readonly findings: Findings;
}

/** Where kernels live: the upper half of canonical addresses; in 32-bit modes the top gigabyte, as Linux has it by default. */
function defaultKernelHalf({ linearBits }: Mode): Linear {
  return linearBits === 32 ? { hi: 0, lo: 0xc000_0000 } : { hi: 0x8000_0000, lo: 0 };
}

/**
 * Audits tables of which nothing but the tables is known.
 *
 * @param tables The tables.
 * @param kernelHalf First linear address of the kernel; by default the upper half, in 32-bit modes 0xc0000000.
 * @returns The map and the findings.
 * @throws {RangeError} If the tables refer to each other in loops (`MAX_TABLES`).
 */
export function auditTables(tables: Tables, kernelHalf: Linear = defaultKernelHalf(tables.mode)): TablesAudit {
  const uses = [...tableUses(tables)];
  const { linearBits } = tables.mode;
  const rows = new MapRows(linearBits);
  const search = new Search(tables, uses, kernelHalf);
  let leaves = 0;
  scanRanges(tables, undefined, (page, pages, shift, frame, rights, flags) => {
    leaves += pages / 2 ** (shift - 12);
    rows.add(page, pages, shift, frame, rights, flags);
    search.range(page, pages, frame, rights);
  });
  rows.finish();
  return {
    map: rows.rows,
    dropped: rows.dropped,
    leaves,
    tables: uses,
    nx: tables.mode.entryWords === 2 && (tables.efer & EFER_NXE) !== 0,
    writeProtect: search.writeProtect,
    kernelHalf,
    findings: search.findings(),
  };
}

/** One pass over the ranges in search of findings. */
class Search {
  readonly writeProtect: boolean;
  readonly #places: Map<FindingId, FindingPlaces>;
  readonly #linearBits: number;
  readonly #kernelHalf: Linear;
  readonly #tables: readonly Stretch[];

  constructor(tables: Tables, uses: readonly TableUse[], kernelHalf: Linear) {
    const { linearBits } = tables.mode;
    this.writeProtect = ((tables.cr0 ?? CR0_WP) & CR0_WP) !== 0;
    this.#linearBits = linearBits;
    this.#kernelHalf = kernelHalf;
    const frames = new Set(uses.map(({ frame }) => frame));
    this.#tables = stretchesOf(Float64Array.from(frames).sort());
    this.#places = new Map((Object.keys(FINDINGS) as FindingId[]).map((id) => [id, new FindingPlaces(linearBits)]));
  }

  range(page: number, pages: number, frame: number, rights: number): void {
    const user = (rights & RIGHT_US) !== 0;
    const writable = (rights & RIGHT_RW) !== 0 || !this.writeProtect;
    if (writable && (rights & RIGHT_NX) === 0) {
      this.#add(
        user && (rights & RIGHT_RW) !== 0 ? "user-write-exec" : "kernel-write-exec",
        page,
        pages,
        frame,
        rights,
      );
    }
    if (user) this.#inKernelHalf(page, pages, frame, rights);
    if (writable) this.#tablesIn(page, pages, frame, rights);
  }

  findings(): Finding[] {
    return (Object.keys(FINDINGS) as FindingId[]).flatMap((id): Finding[] => {
      const { pages = 0, ranges = [] } = this.#places.get(id) ?? {};
      const found = id === "wp-off" ? !this.writeProtect : pages !== 0;
      return found ? [{ id, severity: FINDINGS[id].severity, pages, address: ranges[0]?.linear, ranges }] : [];
    });
  }

  #add(id: FindingId, page: number, pages: number, frame: number, rights: number): void {
    this.#places.get(id)?.add(page, pages, frame, rights);
  }

  /** The part of a user range that lies in the kernel half. */
  #inKernelHalf(page: number, pages: number, frame: number, rights: number): void {
    const below = Math.max(pagesBetween(linearOf(page, this.#linearBits), this.#kernelHalf), 0);
    if (below < pages) this.#add("kernel-user-accessible", page + below, pages - below, frame + below, rights);
  }

  /** The parts of a writable range that map page tables. */
  #tablesIn(page: number, pages: number, frame: number, rights: number): void {
    const end = frame + pages;
    for (let i = firstEndingAfter(this.#tables, frame); i < this.#tables.length; i++) {
      const stretch = this.#tables[i];
      if (stretch === undefined || stretch.first >= end) break;
      const first = Math.max(stretch.first, frame);
      const count = Math.min(stretch.end, end) - first;
      this.#add("page-table-writable", page + first - frame, count, first, rights);
    }
  }
}
