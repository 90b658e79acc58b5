/**
 * The findings of an audit of tables. Their ids are stable, so scripts can compare with them.
 *
 * @module
 */

import type { Linear } from "../mmu/mod.ts";
import { addPages, linearOf, pagesBetween } from "../tables/range_list.ts";

/** Severity of a finding. `high`: an attacker can take over the kernel. `medium`: a defence is missing. `note`: a remark. */
export type Severity = "high" | "medium" | "note";

/** Ids of findings. */
export type FindingId =
  | "kernel-write-exec"
  | "kernel-user-accessible"
  | "alias-write-exec"
  | "user-write-exec"
  | "reserved-bits"
  | "missing-table"
  | "wp-off"
  | "nxe-off"
  | "smep-off"
  | "smap-off"
  | "beyond-memory"
  | "global-isolated"
  | "page-table-writable";

/** The title of a finding in a report, and its severity. */
export interface FindingKind {
  /** The usual severity. `audit` decides it anew for some tables. */
  readonly severity: Severity;
  /** One line for people. */
  readonly title: string;
}

/**
 * The findings by id, worst first: the title of a report's line, and the severity.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FINDINGS } from "@pagetable-init/textbook/audit";
 *
 * assertEquals(FINDINGS["kernel-write-exec"].severity, "high");
 * ```
 * @category Facts
 */
export const FINDINGS: Readonly<Record<FindingId, FindingKind>> = Object.freeze({
  "kernel-write-exec": { severity: "high", title: "kernel pages that are writable and executable" },
  "kernel-user-accessible": { severity: "high", title: "pages of the kernel half that are open to user mode" },
  "alias-write-exec": { severity: "high", title: "kernel code that is writable at another address" },
  "user-write-exec": { severity: "medium", title: "user pages that are writable and executable" },
  "reserved-bits": { severity: "medium", title: "present entries with a bit set that the CPU reserves" },
  "missing-table": { severity: "medium", title: "entries that point to a table which is not there" },
  "wp-off": { severity: "medium", title: "CR0.WP is clear: the supervisor writes to read-only pages" },
  "nxe-off": { severity: "medium", title: "EFER.NXE is clear though the CPU has it: every page is executable" },
  "smep-off": {
    severity: "medium",
    title: "CR4.SMEP is clear though the CPU has it: the supervisor executes user pages",
  },
  "smap-off": {
    severity: "medium",
    title: "CR4.SMAP is clear though the CPU has it: the supervisor reaches user pages",
  },
  "global-isolated": {
    severity: "medium",
    title: "kernel pages that are global although page tables are isolated",
  },
  "beyond-memory": { severity: "note", title: "pages that lie far beyond the end of memory" },
  "page-table-writable": { severity: "note", title: "mappings by which a page table can be written" },
});

/** Consecutive pages with the same finding. */
export interface FindingRange {
  /** Linear address of the first page. */
  readonly linear: Linear;
  /** Number of 4K pages. */
  readonly pages: number;
  /** Frame of the first page. */
  readonly frame: number;
  /** Effective rights (`RIGHT_…`); 0 for an entry that maps nothing. */
  readonly rights: number;
  /** An odd entry: its name, its words, and its bits that must not be set. Undefined for other findings. */
  readonly entry?: OddEntry;
}

/** An odd entry: it has a bit that must not be set, or points to a missing table. */
export interface OddEntry {
  /** The manual's name of it: `PDE`, say. */
  readonly name: string;
  /** High word, unsigned. */
  readonly hi: number;
  /** Low word, unsigned. */
  readonly lo: number;
  /** The bits that are set and must not be, unsigned words. */
  readonly bits: { readonly hi: number; readonly lo: number };
}

/** Something that an audit found. */
export interface Finding {
  /** Stable id, which scripts can compare with. */
  readonly id: FindingId;
  /** Severity for these tables. `FINDINGS` has the usual one. */
  readonly severity: Severity;
  /** Number of 4K pages, each alias counted; 0 for a finding about a register. */
  readonly pages: number;
  /** Number of entries that are odd; undefined for other findings. */
  readonly entries?: number;
  /** An address for `explain`; undefined for a finding about a register. */
  readonly address: Linear | undefined;
  /** The first `MAX_FINDING_RANGES` ranges of pages, by linear address. */
  readonly ranges: readonly FindingRange[];
}

/** The findings of an audit, worst first. A finding that does not apply is not listed. */
export type Findings = readonly Finding[];

/**
 * Ranges that one finding lists. `pages` counts the others too.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MAX_FINDING_RANGES } from "@pagetable-init/textbook/audit";
 *
 * assertEquals(MAX_FINDING_RANGES, 65536);
 * ```
 */
export const MAX_FINDING_RANGES: number = 2 ** 16;

/** Collects the places of one finding in the order of linear addresses. */
export class FindingPlaces {
  /** 4K pages so far. */
  pages = 0;
  /** Odd entries so far. */
  entries = 0;
  /** The places so far, neighbours joined. */
  readonly ranges: FindingRange[] = [];
  readonly #linearBits: number;

  /**
   * @param linearBits Width of linear addresses.
   */
  constructor(linearBits: number) {
    this.#linearBits = linearBits;
  }

  /** Adds pages: linear page number without sign extension, number of 4K pages, first frame, effective rights. */
  add(page: number, pages: number, frame: number, rights: number): void {
    this.pages += pages;
    const linear = linearOf(page, this.#linearBits);
    const last = this.ranges[this.ranges.length - 1];
    if (
      last !== undefined && last.rights === rights && last.frame + last.pages === frame &&
      pagesBetween(addPages(last.linear, last.pages), linear) === 0
    ) this.ranges[this.ranges.length - 1] = { ...last, pages: last.pages + pages };
    else if (this.ranges.length < MAX_FINDING_RANGES) this.ranges.push({ linear, pages, frame, rights });
  }

  /** Adds an odd entry: linear page number and 4K pages that it covers, its frame, and the entry. */
  addEntry(page: number, pages: number, frame: number, entry: OddEntry): void {
    this.pages += pages;
    this.entries++;
    if (this.ranges.length >= MAX_FINDING_RANGES) return;
    this.ranges.push({ linear: linearOf(page, this.#linearBits), pages, frame, rights: 0, entry });
  }
}
