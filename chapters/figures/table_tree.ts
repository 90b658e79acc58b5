/**
 * The tree of page tables: a box for each table, a row for each present entry, an arrow from an entry to its table.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Tables } from "../../core/tables/mod.ts";
import type { Explanation } from "../../core/mmu/mod.ts";
import type { Figure, FigureTable } from "./figure.ts";
import { paint } from "./palette.ts";
import { indicesOf, type TableBox, tableBoxes, type TableRow, targetOf } from "./table_rows.ts";
import { COLUMN, placeBoxes, type Placed, type PlacedRow, ROW } from "./tree_layout.ts";

const MARGIN = 8;
const MAX_TABLE_ROWS = 60;

/** An arrow from an entry, or from CR3, to the head of a table. */
interface Arrow {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly walked: boolean;
}

function arrowsOf(boxes: readonly Placed[]): Arrow[] {
  return boxes.flatMap(({ box, rows }) =>
    rows.filter(({ row }) => row?.kind === "table").flatMap(({ row, x2, y, walked }) => {
      const child = boxes.find((it) => it.box.depth === box.depth + 1 && it.box.frame === row?.frame);
      return child === undefined ? [] : [{ x1: x2, y1: y + ROW / 2, x2: child.x, y2: child.y + ROW / 2, walked }];
    })
  );
}

function rowText({ row, folded }: PlacedRow): string {
  if (row === undefined) return `… and ${folded} more rows`;
  if (row.kind === "absent") return `${indicesOf(row)}  absent`;
  return `${indicesOf(row)}  ${row.flags} → ${targetOf(row)}`;
}

/** The heads of the boxes: frame and level. */
function headMarks(boxes: readonly Placed[]): Plot.Markish[] {
  return [
    Plot.rect(boxes, {
      x1: "x",
      x2: (it: Placed) => it.x + COLUMN.width,
      y1: "y",
      y2: (it: Placed) => it.y + ROW,
      fill: paint("large"),
      fillOpacity: 0.22,
      stroke: paint("large"),
    }),
    Plot.text(boxes, {
      x: (it: Placed) => it.x + 8,
      y: (it: Placed) => it.y + ROW / 2,
      text: ({ box }: Placed) => `frame 0x${box.frame.toString(16)}: ${box.level.entry}s`,
      textAnchor: "start",
      fontWeight: "bold",
      fill: paint("ink"),
    }),
  ];
}

function rowMarks(rows: readonly PlacedRow[]): Plot.Markish[] {
  const place = { x1: "x", x2: "x2", y1: "y", y2: (it: PlacedRow) => it.y + ROW } as const;
  return [
    Plot.rect(rows, { ...place, stroke: paint("line"), fill: "none" }),
    Plot.rect(rows.filter(({ walked }) => walked), {
      ...place,
      inset: 1,
      stroke: paint("clean"),
      strokeWidth: 2,
      fill: paint("clean"),
      fillOpacity: 0.14,
    }),
    Plot.text(rows, {
      x: (it: PlacedRow) => it.x + 8,
      y: (it: PlacedRow) => it.y + ROW / 2,
      text: rowText,
      textAnchor: "start",
      fill: ({ row }: PlacedRow) => paint(row === undefined || row.kind === "absent" ? "muted" : "ink"),
    }),
  ];
}

function arrowMarks(arrows: readonly Arrow[]): Plot.Markish[] {
  const stroke = ({ walked }: Arrow) => paint(walked ? "clean" : "muted");
  return [
    Plot.link(arrows, {
      x1: "x1",
      y1: "y1",
      x2: (it: Arrow) => it.x2 - 7,
      y2: "y2",
      curve: "bump-x",
      stroke,
      strokeWidth: ({ walked }: Arrow) => walked ? 2.4 : 1.4,
    }),
    Plot.dot(arrows, {
      x: (it: Arrow) => it.x2 - 6,
      y: "y2",
      symbol: "triangle",
      rotate: 90,
      r: 4,
      fill: stroke,
      stroke: "none",
    }),
  ];
}

function describe(boxes: readonly TableBox[], root: number, walk: Explanation | undefined): string {
  const told = boxes.slice(0, 12).map(({ frame, level, rows }) => {
    const there = rows.filter(({ kind }) => kind !== "absent").slice(0, 4);
    const entries = there.map((row) => `${indicesOf(row)} to the ${targetOf(row)}`).join(", ");
    return `The ${level.entry}s in frame 0x${frame.toString(16)}: ${entries || "all absent"}.`;
  });
  const rest = boxes.length > told.length ? ` And ${boxes.length - told.length} more tables.` : "";
  const path = walk === undefined
    ? ""
    : ` The walk reads ${walk.steps.map(({ level, index }) => `${level.entry} ${index}`).join(", then ")}.`;
  return `A tree of page tables below CR3 0x${root.toString(16)}. ${told.join(" ")}${rest}${path}`;
}

function tableOf(boxes: readonly TableBox[]): FigureTable {
  const line = ({ frame, level }: TableBox, row: TableRow) => [
    `0x${frame.toString(16)}`,
    level.entry,
    indicesOf(row),
    row.flags || "-",
    targetOf(row),
  ];
  const rows = boxes.flatMap((box) => box.rows.map((row) => line(box, row)));
  const rest = rows.length - MAX_TABLE_ROWS + 1;
  const kept = rest > 1 ? [...rows.slice(0, MAX_TABLE_ROWS - 1), ["…", "", `${rest} rows`, "", ""]] : rows;
  return { header: ["table in frame", "entries", "index", "flags", "lead to"], rows: kept };
}

/**
 * The tree of tables below a root.
 *
 * @param tables The tables; `tablesOf` has those of a machine.
 * @param walk A walk to mark, or none.
 * @param look A sentence for the caption that tells the reader what to look for.
 * @returns The figure; its table has a line for each run of entries.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
 * import { tableTree } from "@pagetable-init/chapters";
 *
 * const memory = new PhysicalMemory(1 << 24);
 * memory.write(0x1, 768, 0x2003);
 * const tables = { memory, cpu: CPUS.i486, mode: MODES["two-level"], root: 0x1000, cr4: 0, efer: 0 };
 * const [, second] = tableTree(tables).table.rows;
 * assertEquals(second, ["0x1", "PDE", "768", "P RW", "table in frame 0x2"]);
 * ```
 */
export function tableTree(tables: Tables, walk?: Explanation, look: string = ""): Figure {
  const boxes = tableBoxes(tables);
  const { placed, width, height } = placeBoxes(boxes, walk?.steps ?? []);
  return {
    options: {
      width: width + 2 * MARGIN,
      height: height + 2 * MARGIN,
      margin: MARGIN,
      x: { axis: null, domain: [0, width] },
      y: { axis: null, domain: [0, height], reverse: true },
      marks: [...arrowMarks(arrowsOf(placed)), ...headMarks(placed), ...rowMarks(placed.flatMap(({ rows }) => rows))],
    },
    caption: `The page tables below CR3 0x${tables.root.toString(16)}${walk === undefined ? "" : ", and one walk"}.${
      look === "" ? "" : ` ${look}`
    }`,
    description: describe(boxes, tables.root, walk),
    table: tableOf(boxes),
  };
}
