/**
 * The layout of a table tree: a column for each level, tables below each other.
 *
 * @module
 */

import type { Step } from "../../core/mmu/mod.ts";
import type { TableBox, TableRow } from "./table_rows.ts";

/** Height of a row in pixels. */
export const ROW = 22;
/** Width of a column and of the gap to the next, in pixels. */
export const COLUMN = { width: 300, gap: 64 } as const;

const BETWEEN = 16; // pixels between tables of a column
const MAX_ROWS = 12;
const MAX_BOXES = 8;

/** A row with its place. */
export interface PlacedRow {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  /** The row; undefined where rows were folded. */
  readonly row: TableRow | undefined;
  /** Number of rows folded into this one. */
  readonly folded: number;
  /** Whether the walk reads an entry of it. */
  readonly walked: boolean;
}

/** A box with its place. */
export interface Placed {
  readonly box: TableBox;
  readonly x: number;
  readonly y: number;
  readonly rows: readonly PlacedRow[];
}

/**
 * Places boxes.
 *
 * @param boxes The tables, level by level.
 * @param steps The walk to mark.
 * @returns The places, and the size of the whole. At most eight tables a level are kept, those of the walk among them.
 */
export function placeBoxes(
  boxes: readonly TableBox[],
  steps: readonly Step[],
): { readonly placed: readonly Placed[]; readonly width: number; readonly height: number } {
  const placed: Placed[] = [];
  const ends: number[] = [];
  for (const box of keptBoxes(boxes, steps)) {
    const y = ends[box.depth] ?? 0;
    const x = box.depth * (COLUMN.width + COLUMN.gap);
    const rows = placeRows(box, steps, x, y + ROW);
    ends[box.depth] = y + ROW * (rows.length + 1) + BETWEEN;
    placed.push({ box, x, y, rows });
  }
  const columns = ends.length;
  return {
    placed,
    width: columns * COLUMN.width + (columns - 1) * COLUMN.gap,
    height: Math.max(...ends) - BETWEEN,
  };
}

function isWalked({ depth, frame }: TableBox, steps: readonly Step[]): boolean {
  const step = steps[depth];
  return step !== undefined && (step.table === frame || (step.table < 0 && depth === 0));
}

function keptBoxes(boxes: readonly TableBox[], steps: readonly Step[]): TableBox[] {
  return boxes.filter((box) => {
    const peers = boxes.filter(({ depth }) => depth === box.depth);
    return isWalked(box, steps) || peers.indexOf(box) < MAX_BOXES;
  });
}

function placeRows(box: TableBox, steps: readonly Step[], x: number, top: number): PlacedRow[] {
  const index = isWalked(box, steps) ? steps[box.depth]?.index ?? -1 : -1;
  const has = (row: TableRow) => index >= row.index && index < row.index + row.count;
  const kept = keptRows(box.rows, has);
  return kept.map(({ row, folded }, at) => ({
    x,
    x2: x + COLUMN.width,
    y: top + at * ROW,
    row,
    folded,
    walked: row !== undefined && has(row),
  }));
}

type Kept = Pick<PlacedRow, "row" | "folded">;

/** The first rows, and that of the walk; the others are folded into one. */
function keptRows(rows: readonly TableRow[], walked: (row: TableRow) => boolean): Kept[] {
  const whole = (row: TableRow): Kept => ({ row, folded: 0 });
  if (rows.length <= MAX_ROWS) return rows.map(whole);
  const head = rows.slice(0, MAX_ROWS - 2);
  const tail = rows.slice(MAX_ROWS - 2);
  const found = tail.filter(walked);
  return [...[...head, ...found].map(whole), { row: undefined, folded: tail.length - found.length }];
}
