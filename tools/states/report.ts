/**
 * The audit of page tables as text and as JSON.
 *
 * @module
 */

import type { Finding, FindingRange, KernelHalf, OddEntry, TablesOwner } from "../../core/audit/mod.ts";
import type { StateHeader } from "../../core/dump/mod.ts";
import { formatAddress, type Unknown } from "../../core/mmu/mod.ts";
import { FINDINGS, type Linear, type TablesAudit } from "../../mod.ts";
import { framesText, hex, lastByte, mapText, rangeText, rightsText, WIDTHS } from "./map_text.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { printable } from "../../chapters/recorded/files/printable.ts";

/** What is said about a state, or about a moment of a recording. */
export interface Reported {
  readonly header: Pick<StateHeader, "description" | "mode"> & {
    readonly registers: Pick<StateHeader["registers"], "cr0" | "cr3" | "cr4" | "efer">;
    readonly unknown?: readonly Unknown[];
  };
}

/** Characters of a description that the text repeats. */
const LONGEST = 200;

/** Ranges of one finding that the text lists. */
const MAX_SHOWN = 12;

/** How it is known where the kernel half begins. */
const HALF: { readonly [by in KernelHalf["by"]]: string } = Object.freeze({
  caller: "as you said",
  "upper-half": "the upper half",
  "direct-map": "a guess: memory is mapped there",
  default: "a guess: Linux's usual place",
});

/** Whose tables they look like, and what follows. */
const OWNERS: { readonly [owner in NonNullable<TablesOwner>]: string } = Object.freeze({
  xen:
    "these look like Xen's tables: its 64-bit guests run in ring 3, kernel and all, and it maps all memory for itself",
  firmware: "these look like firmware's or a boot loader's tables: memory is mapped to itself",
});

/** What is assumed where something is not known. */
const UNKNOWN: { readonly [name in Unknown]?: string } = Object.freeze({
  pkru: "PKRU",
  ac: "EFLAGS.AC",
  pat: "the PAT",
  cpu: "the CPU's features and address width",
});

/**
 * An audit for people.
 *
 * @param state What was audited.
 * @param found The audit.
 * @param whole Whether the map is wanted row by row.
 * @returns Lines: what it is, the findings, the map.
 */
export function auditText({ header }: Reported, found: TablesAudit, whole: boolean): string {
  const { registers, mode, description, unknown = [] } = header;
  const frames = new Set(found.tables.map(({ frame }) => frame));
  const registerText = (["cr0", "cr3", "cr4", "efer"] as const)
    .map((name) => `${name.toUpperCase()} 0x${registers[name].toString(16)}`);
  const names = unknown.flatMap((name) => UNKNOWN[name] ?? []);
  const head = [
    printable(description.slice(0, LONGEST)),
    `${mode.id} paging, ${registerText.join(", ")}`,
    `${counted(frames.size, "page table")}, ${found.leaves} leaves`,
    ...(names.length === 0 ? [] : [`not known: ${names.join(", ")}`]),
  ];
  const map = mapText(found.map, mode.linearBits, whole);
  const dropped = found.dropped === 0 ? [] : [`... and ${found.dropped} ranges that this map has no room for`];
  return [...head, "", ...findingsText(found, mode.linearBits), "", ...map, ...dropped, ""].join("\n");
}

function findingsText({ findings, nx, kernelHalf, owner }: TablesAudit, linearBits: number): string[] {
  const width = linearBits > 32 ? 16 : 8;
  const { linear, by } = kernelHalf;
  const lines = ["findings", `  (the kernel half was taken to begin at ${formatAddress(linear)}: ${HALF[by]})`];
  if (!nx) lines.push("  (without NX nothing can be kept from being executed)");
  if (owner !== undefined) lines.push(`  (${OWNERS[owner]})`);
  if (findings.length === 0) lines.push("  none");
  for (const finding of findings) {
    const { id, severity, ranges } = finding;
    lines.push(`  ${severity}: ${FINDINGS[id].title} (${id})${extent(finding)}`);
    const cells = ranges.slice(0, MAX_SHOWN).map((range) => findingCells(range, width));
    lines.push(...columns(cells, { right: [2], widths: WIDTHS }).map((line) => `    ${line}`));
    if (ranges.length > MAX_SHOWN) lines.push(`    ... and ${ranges.length - MAX_SHOWN} more; --json has them`);
  }
  return lines;
}

function extent({ pages, entries, ranges }: Finding): string {
  if (entries !== undefined) return `: ${entries} ${entries === 1 ? "entry" : "entries"}`;
  return pages === 0 ? "" : `: ${counted(pages, "page")} of 4K in ${counted(ranges.length, "range")}`;
}

function findingCells({ linear, pages, frame, rights, entry }: FindingRange, width: number): string[] {
  const place = [rangeText(linear, pages, width), framesText(frame, pages), `${pages}`];
  return [...place, entry === undefined ? rightsText(rights) : entryText(entry)];
}

function entryText({ name, hi, lo, bits }: OddEntry): string {
  const odd = (bits.hi | bits.lo) === 0 ? "" : `, reserved: ${wordsText(bits)}`;
  return `${name} ${wordsText({ hi, lo })}${odd}`;
}

function wordsText({ hi, lo }: Linear): string {
  return formatAddress({ hi, lo });
}

/**
 * An audit for programs. Addresses are hexadecimal text, since 64 bits do not fit a number.
 *
 * @param state What was audited.
 * @param found The audit.
 * @returns What `JSON.stringify` is to print.
 */
export function auditJson({ header }: Reported, found: TablesAudit): unknown {
  const { registers, mode, description } = header;
  return {
    description,
    mode: mode.id,
    cr3: hex(registers.cr3),
    leaves: found.leaves,
    tables: found.tables.map(({ frame, level }) => ({ frame, table: level.table })),
    map: found.map.map(({ range, times, stride }) => ({
      ...rangeJson(range.linear, range.pages),
      frame: range.frame,
      pages: range.pages,
      pageBytes: 2 ** range.pageShift,
      rights: rightsText(range.rights),
      global: range.global,
      patIndex: range.patIndex,
      times,
      strideBytes: stride * 4096,
    })),
    nx: found.nx,
    writeProtect: found.writeProtect,
    kernelHalf: formatAddress(found.kernelHalf.linear),
    kernelHalfBy: found.kernelHalf.by,
    owner: found.owner ?? null,
    unknown: header.unknown ?? [],
    dropped: found.dropped,
    findings: found.findings.map(findingJson),
  };
}

function findingJson({ id, severity, pages, entries, address, ranges }: Finding): unknown {
  return {
    id,
    severity,
    pages,
    ...(entries === undefined ? {} : { entries }),
    address: address === undefined ? null : formatAddress(address),
    ranges: ranges.map(({ linear, pages, frame, rights, entry }) => ({
      ...rangeJson(linear, pages),
      frame,
      pages,
      ...(entry === undefined ? { rights: rightsText(rights) } : {
        entry: entry.name,
        words: wordsText(entry),
        reserved: wordsText(entry.bits),
      }),
    })),
  };
}

function rangeJson(linear: Linear, pages: number): { readonly first: string; readonly last: string } {
  return { first: formatAddress(linear), last: formatAddress(lastByte(linear, pages)) };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
