/**
 * Page tables as boxes with rows, from which a tree of tables is drawn.
 *
 * @module
 */

import {
  rootWord,
  type TableLevel,
  tableLevels,
  type Tables,
  type TableUse,
  tableUses,
} from "../../core/tables/tables.ts";
import { formatFlags, frameOf, leafFrame, type Level, P } from "../../core/mmu/mod.ts";

/** Consecutive entries of one kind. */
export interface TableRow {
  /** Index of the first. */
  readonly index: number;
  /** Number of entries. */
  readonly count: number;
  /** Kind of the entries: absent, one that points to a table, or leaves of consecutive frames. */
  readonly kind: "absent" | "table" | "page";
  /** The flags by name; empty for absent ones. */
  readonly flags: string;
  /** Frame of the table, or of the first page; -1 for absent ones. */
  readonly frame: number;
}

/** A table. */
export interface TableBox {
  /** Its frame. */
  readonly frame: number;
  /** Its level. */
  readonly level: Level;
  /** Depth of the level, 0 for the root. */
  readonly depth: number;
  /** Frame of the table that points to it first, and the index there; -1 for the root. */
  readonly parent: number;
  readonly parentIndex: number;
  /** Its entries, in order. */
  readonly rows: readonly TableRow[];
}

/**
 * All tables below a root.
 *
 * @param tables The tables.
 * @returns The boxes, root first, level by level. A frame that serves at two levels has two.
 */
export function tableBoxes(tables: Tables): TableBox[] {
  const levels = tableLevels(tables);
  return [...tableUses(tables)].map((use) => boxOf(tables, levels, use));
}

function boxOf(tables: Tables, levels: readonly TableLevel[], { frame, level, parent, index }: TableUse): TableBox {
  const depth = tables.mode.levels.indexOf(level);
  const of = levels[depth] as TableLevel;
  const rows: TableRow[] = [];
  const start = depth === 0 ? rootWord(tables) : 0;
  for (let at = 0; at < of.entries; at++) addRow(rows, rowOf(tables, of, frame, start, at), of.pages);
  return { frame, level, depth, parent, parentIndex: index, rows };
}

function rowOf(
  { memory, mode, cpu }: Tables,
  { level, last, leafBit }: TableLevel,
  frame: number,
  start: number,
  index: number,
): TableRow {
  const word = start + index * mode.entryWords;
  const lo = memory.read(frame, word);
  const hi = mode.entryWords === 2 ? memory.read(frame, word + 1) : 0;
  if ((lo & P) === 0) return { index, count: 1, kind: "absent", flags: "", frame: -1 };
  const kind = last || (lo & leafBit) !== 0 ? "page" : "table";
  const target = kind === "page" ? leafFrame(mode, level, hi, lo, cpu) : frameOf(hi, lo);
  return { index, count: 1, kind, flags: formatFlags(hi, lo, level), frame: target };
}

/** Joins a row to the one above, if they are alike. */
function addRow(rows: TableRow[], row: TableRow, pages: number): void {
  const above = rows.at(-1);
  if (above === undefined || !continues(above, row, pages)) rows.push(row);
  else rows[rows.length - 1] = { ...above, count: above.count + 1 };
}

function continues(above: TableRow, { kind, flags, frame }: TableRow, pages: number): boolean {
  if (above.kind !== kind || above.flags !== flags || kind === "table") return false;
  return kind === "absent" || frame === above.frame + above.count * pages;
}

/** First and last index of a row, as text. */
export function indicesOf({ index, count }: TableRow): string {
  return count === 1 ? `${index}` : `${index}–${index + count - 1}`;
}

/** The target of a row, in words. */
export function targetOf({ kind, frame, count }: TableRow): string {
  if (kind === "absent") return "nothing";
  const hex = (value: number) => `0x${value.toString(16)}`;
  if (kind === "table") return `table in frame ${hex(frame)}`;
  return count === 1 ? `page in frame ${hex(frame)}` : `${count} pages from frame ${hex(frame)}`;
}
