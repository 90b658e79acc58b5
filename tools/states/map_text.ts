/**
 * The map of an address space as lines.
 *
 * @module
 */

import type { MapRow } from "../../core/audit/mod.ts";
import { MEMORY_TYPES, RIGHT_KEY_SHIFT, RIGHT_NX, RIGHT_RW, RIGHT_US } from "../../core/mmu/mod.ts";
import type { Linear } from "../../mod.ts";
import { addPages, lastByte } from "../../core/tables/range_list.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { hex } from "../../chapters/shown/hex.ts";

/** Room for two frame numbers of five digits each, and for the pages of a large run: lists below each other look alike. */
export const WIDTHS: readonly number[] = [0, 15, 7];

/** A row, and the rows behind it that differ from it in their frames alone. */
interface Joined {
  readonly row: MapRow;
  readonly pages: number;
  readonly scattered: boolean;
}

/**
 * The map as lines.
 *
 * @param map The map.
 * @param linearBits Width of linear addresses.
 * @param frames Every row, with its frames; else neighbours that differ in their frames alone are one line.
 * @param pat The page attribute table, by which memory types are named.
 * @returns The lines, a head first.
 */
export function mapText(map: readonly MapRow[], linearBits: number, frames: boolean, pat: readonly number[]): string[] {
  const width = linearBits > 32 ? 16 : 8;
  const head = ["linear addresses", "frames", "pages", "size", "rights"];
  const rows = frames ? map.map((row) => ({ row, pages: row.range.pages, scattered: false })) : joined(map);
  return columns([head, ...rows.map((row) => cells(row, width, pat))], { right: [2, 3], widths: WIDTHS });
}

function joined(map: readonly MapRow[]): Joined[] {
  const rows: Joined[] = [];
  for (const row of map) {
    const last = rows[rows.length - 1];
    if (last !== undefined && continues(last, row)) {
      rows[rows.length - 1] = { row: last.row, pages: last.pages + row.range.pages, scattered: true };
    } else rows.push({ row, pages: row.range.pages, scattered: false });
  }
  return rows;
}

function continues({ row: { range, times }, pages }: Joined, next: MapRow): boolean {
  const end = addPages(range.linear, pages);
  return times === 1 && next.times === 1 && end.hi === next.range.linear.hi && end.lo === next.range.linear.lo &&
    range.rights === next.range.rights && range.pageShift === next.range.pageShift &&
    range.global === next.range.global && range.patIndex === next.range.patIndex;
}

function cells(
  { row: { range, times, stride }, pages, scattered }: Joined,
  width: number,
  pat: readonly number[],
): string[] {
  const alike = times > 1 ? ` and ${times - 1} more to the same frames, every ${sizeText(stride * 4096)}` : "";
  const kind = `${range.global ? " global" : ""}${typeText(range.patIndex, pat)}`;
  const key = range.rights >>> RIGHT_KEY_SHIFT;
  return [
    rangeText(range.linear, pages, width),
    scattered ? "scattered" : framesText(range.frame, pages),
    `${pages}`,
    sizeText(2 ** range.pageShift),
    `${rightsText(range.rights)}${kind}${key === 0 ? "" : ` key ${key}`}${alike}`,
  ];
}

/** The memory type of a PAT index, unless it is the usual one, write-back. */
function typeText(index: number, pat: readonly number[]): string {
  const type = MEMORY_TYPES[pat[index] ?? -1] ?? `PAT ${index}`;
  return type === "WB" ? "" : ` ${type}`;
}

/** First and last address of some pages. */
export function rangeText(linear: Linear, pages: number, width: number): string {
  return spanText(linear, lastByte(linear, pages), width);
}

/** First and last address. */
export function spanText(first: Linear, last: Linear, width: number): string {
  return `${digits(first, width)}-${digits(last, width)}`;
}

/** A number of bytes as a reader thinks of it: two or three digits and a unit. */
export function bytesText(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 2 ** (10 * unit);
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${UNITS[unit]}`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** First and last of some frames, or the one. */
export function framesText(first: number, pages: number): string {
  if (first < 0) return "?";
  const last = first + pages - 1;
  return last === first ? hex(first) : `${hex(first)}-${hex(last)}`;
}

/** User, read, write, execute, as QEMU's `info mem` has the first three. */
export function rightsText(rights: number): string {
  return `${(rights & RIGHT_US) !== 0 ? "u" : "-"}r${(rights & RIGHT_RW) !== 0 ? "w" : "-"}${
    (rights & RIGHT_NX) !== 0 ? "-" : "x"
  }`;
}

function digits({ hi, lo }: Linear, width: number): string {
  const low = lo.toString(16).padStart(8, "0");
  return width === 8 ? low : `${hi.toString(16).padStart(8, "0")}${low}`;
}

/** A number of bytes, in the largest unit in which it is whole. */
export function sizeText(bytes: number): string {
  const units = ["", "K", "M", "G", "T"];
  let unit = 0;
  while (bytes % 1024 === 0 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${bytes}${units[unit]}`;
}
