/**
 * The audit of page tables as text and as JSON.
 *
 * @module
 */

import type { Finding, FindingRange, MapRow } from "../../core/audit/mod.ts";
import type { StateHeader } from "../../core/dump/mod.ts";
import { formatAddress, RIGHT_NX, RIGHT_RW, RIGHT_US } from "../../core/mmu/mod.ts";
import { FINDINGS, type Linear, type TablesAudit } from "../../mod.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { printable } from "../../chapters/recorded/files/printable.ts";

/** What is said about a state, or about a moment of a recording. */
export interface Reported {
  readonly header: Pick<StateHeader, "description" | "mode"> & {
    readonly registers: Pick<StateHeader["registers"], "cr0" | "cr3" | "cr4" | "efer">;
  };
}

/** Characters of a description that the text repeats. */
const LONGEST = 200;

/** Ranges of one finding that the text lists. */
const MAX_SHOWN = 12;

/** Room for two frame numbers of five digits each, and for the pages of a large run: lists below each other look alike. */
const WIDTHS: readonly number[] = [0, 15, 7];

/**
 * An audit for people.
 *
 * @param state What was audited.
 * @param found The audit.
 * @returns Lines: what it is, the map, the findings.
 */
export function auditText({ header }: Reported, found: TablesAudit): string {
  const { registers, mode, description } = header;
  const { map, leaves } = found;
  const frames = new Set(found.tables.map(({ frame }) => frame));
  const registerText = (["cr0", "cr3", "cr4", "efer"] as const)
    .map((name) => `${name.toUpperCase()} 0x${registers[name].toString(16)}`);
  const head = [
    printable(description.slice(0, LONGEST)),
    `${mode.id} paging, ${registerText.join(", ")}`,
    `${counted(frames.size, "page table")}, ${leaves} leaves`,
  ];
  return [...head, "", ...mapText(map, mode.linearBits), "", ...findingsText(found, mode.linearBits), ""].join("\n");
}

function mapText(map: readonly MapRow[], linearBits: number): string[] {
  const width = linearBits > 32 ? 16 : 8;
  const head = ["linear addresses", "frames", "pages", "size", "rights"];
  return columns([head, ...map.map((row) => mapCells(row, width))], { right: [2, 3], widths: WIDTHS });
}

function mapCells({ range, times, stride }: MapRow, width: number): string[] {
  const alike = times > 1 ? ` and ${times - 1} more to the same frames, every ${sizeText(stride * 4096)}` : "";
  const kind = `${range.global ? " global" : ""}${range.patIndex === 0 ? "" : ` PAT ${range.patIndex}`}`;
  return [
    rangeText(range.linear, range.pages, width),
    framesText(range.frame, range.pages),
    `${range.pages}`,
    sizeText(2 ** range.pageShift),
    `${rightsText(range.rights)}${kind}${alike}`,
  ];
}

function findingsText({ findings, nx, kernelHalf }: TablesAudit, linearBits: number): string[] {
  const width = linearBits > 32 ? 16 : 8;
  const lines = ["findings", `  (the kernel half was taken to begin at ${formatAddress(kernelHalf)})`];
  if (!nx) lines.push("  (without NX nothing can be kept from being executed)");
  if (findings.length === 0) lines.push("  none");
  for (const { id, severity, pages, ranges } of findings) {
    const where = pages === 0 ? "" : `: ${counted(pages, "page")} of 4K in ${counted(ranges.length, "range")}`;
    lines.push(`  ${severity}: ${FINDINGS[id].title} (${id})${where}`);
    const cells = ranges.slice(0, MAX_SHOWN).map((range) => findingCells(range, width));
    lines.push(...columns(cells, { right: [2], widths: WIDTHS }).map((line) => `    ${line}`));
    if (ranges.length > MAX_SHOWN) lines.push(`    ... and ${ranges.length - MAX_SHOWN} more; --json has them`);
  }
  return lines;
}

function findingCells({ linear, pages, frame, rights }: FindingRange, width: number): string[] {
  return [rangeText(linear, pages, width), framesText(frame, pages), `${pages}`, rightsText(rights)];
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
    kernelHalf: formatAddress(found.kernelHalf),
    writeProtect: found.writeProtect,
    findings: found.findings.map(findingJson),
  };
}

function findingJson({ id, severity, pages, address, ranges }: Finding): unknown {
  return {
    id,
    severity,
    pages,
    address: address === undefined ? null : formatAddress(address),
    ranges: ranges.map(({ linear, pages, frame, rights }) => ({
      ...rangeJson(linear, pages),
      frame,
      pages,
      rights: rightsText(rights),
    })),
  };
}

function rangeJson(linear: Linear, pages: number): { readonly first: string; readonly last: string } {
  return { first: formatAddress(linear), last: formatAddress(lastByte(linear, pages)) };
}

function rangeText(linear: Linear, pages: number, width: number): string {
  return `${digits(linear, width)}-${digits(lastByte(linear, pages), width)}`;
}

function framesText(first: number, pages: number): string {
  const last = first + pages - 1;
  return last === first ? hex(first) : `${hex(first)}-${hex(last)}`;
}

function digits({ hi, lo }: Linear, width: number): string {
  const low = lo.toString(16).padStart(8, "0");
  return width === 8 ? low : `${hi.toString(16).padStart(8, "0")}${low}`;
}

function lastByte({ hi, lo }: Linear, pages: number): Linear {
  const last = lo + pages * 4096 - 1;
  return { hi: (hi + Math.floor(last / 0x1_0000_0000)) >>> 0, lo: last >>> 0 };
}

/** User, read, write, execute, as QEMU's `info mem` has the first three. */
function rightsText(rights: number): string {
  return `${(rights & RIGHT_US) !== 0 ? "u" : "-"}r${(rights & RIGHT_RW) !== 0 ? "w" : "-"}${
    (rights & RIGHT_NX) !== 0 ? "-" : "x"
  }`;
}

function sizeText(bytes: number): string {
  const units = ["", "K", "M", "G", "T"];
  let unit = 0;
  while (bytes % 1024 === 0 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${bytes}${units[unit]}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
