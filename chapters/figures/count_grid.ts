/**
 * Numbers by row and column, darker where they are larger.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { paint } from "./palette.ts";
import { count } from "./verdict.ts";

const CELL = { width: 104, height: 34 } as const;
const MARGIN = { marginLeft: 130, marginTop: 30, marginRight: 8, marginBottom: 8 } as const;
const DARKEST = 0.5; // letters must stay readable on it

/** A number in its place. */
export interface CountCell {
  readonly row: string;
  readonly column: string;
  readonly count: number;
}

/** All cells, row by row; those that are missing are zeros. */
function filled(cells: readonly CountCell[], rows: readonly string[], columns: readonly string[]): CountCell[] {
  const countAt = (row: string, column: string) =>
    cells.find((it) => it.row === row && it.column === column)?.count ?? 0;
  return rows.flatMap((row) => columns.map((column) => ({ row, column, count: countAt(row, column) })));
}

function cellMarks(all: readonly CountCell[]): Plot.Markish[] {
  const max = Math.log1p(Math.max(1, ...all.map((it) => it.count)));
  const place = { x: "column", y: "row" } as const;
  const fillOpacity = (it: CountCell) => DARKEST * Math.log1p(it.count) / max;
  return [
    Plot.cell(all, { ...place, inset: 2, fill: paint("small"), fillOpacity }),
    Plot.cell(all, { ...place, inset: 2, fill: "none", stroke: paint("line") }),
    Plot.text(all, { ...place, text: (it: CountCell) => count(it.count), fill: paint("ink") }),
  ];
}

function describe(all: readonly CountCell[], rows: readonly string[]): string {
  const sentences = rows.map((row) => {
    const own = all.filter((it) => it.row === row && it.count > 0);
    return `${row}: ${own.map((it) => `${count(it.count)} ${it.column}`).join(", ") || "none"}.`;
  });
  return `A grid of numbers. ${sentences.join(" ")}`;
}

/**
 * The grid of numbers. A cell that is missing is a zero.
 *
 * @param cells The numbers.
 * @param rows What the rows are, for the table, such as `"platform"`.
 * @param caption One sentence that stands under the figure.
 * @returns The figure; its table has a line for each row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { countGrid } from "@pagetable-init/chapters";
 *
 * const { table } = countGrid([{ row: "vmi", column: "set_pmd", count: 786 }], "platform", "Calls.");
 * assertEquals(table, { header: ["platform", "set_pmd"], rows: [["vmi", 786]] });
 * ```
 */
export function countGrid(cells: readonly CountCell[], rows: string, caption: string): Figure {
  const names = [...new Set(cells.map(({ row }) => row))];
  const columns = [...new Set(cells.map(({ column }) => column))];
  const all = filled(cells, names, columns);
  const lines = names.map((name) => [name, ...all.filter(({ row }) => row === name).map((it) => it.count)]);
  return {
    options: {
      width: MARGIN.marginLeft + columns.length * CELL.width + MARGIN.marginRight,
      height: MARGIN.marginTop + names.length * CELL.height + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { type: "band", domain: columns, padding: 0 },
      y: { type: "band", domain: names, padding: 0 },
      marks: [
        Plot.axisX({ anchor: "top", label: null, tickSize: 0 }),
        Plot.axisY({ label: null, tickSize: 0 }),
        ...cellMarks(all),
      ],
    },
    caption,
    description: describe(all, names),
    table: { header: [rows, ...columns], rows: lines },
  };
}
