/**
 * The access that two entries of a walk allow together: a square for each pair.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { paint, type PaintName } from "./palette.ts";

const CELL = { width: 150, height: 52 } as const;
const MARGIN = { marginLeft: 96, marginTop: 44, marginRight: 8, marginBottom: 8 } as const;

/** The allowed access: writing includes reading. */
export type Allowed = "nothing" | "read" | "write";

/** A pair of entries, and the access that it allows. */
export interface GridCell {
  /** Flags of the upper entry. */
  readonly row: string;
  /** Flags of the lower entry. */
  readonly column: string;
  /** The access of user mode. */
  readonly user: Allowed;
  /** The access of the supervisor. */
  readonly supervisor: Allowed;
}

const FILL: Readonly<Record<Allowed, { readonly color: PaintName; readonly opacity: number }>> = Object.freeze({
  nothing: { color: "paper", opacity: 0 },
  read: { color: "small", opacity: 0.25 },
  write: { color: "error", opacity: 0.35 },
});

function cellMarks(cells: readonly GridCell[]): Plot.Markish[] {
  const place = { x: (it: GridCell) => it.column, y: (it: GridCell) => it.row } as const;
  return [
    Plot.cell(cells, {
      ...place,
      inset: 2,
      fill: (it: GridCell) => paint(FILL[it.user].color),
      fillOpacity: (it: GridCell) => FILL[it.user].opacity,
      stroke: paint("muted"),
    }),
    Plot.text(cells, {
      ...place,
      text: (it: GridCell) => `user: ${it.user}\nsupervisor: ${it.supervisor}`,
      fill: paint("ink"),
    }),
  ];
}

/**
 * The grid of two entries.
 *
 * @param cells A cell for each pair, as a machine answers.
 * @param names Names of rows and columns, such as `["PDE", "PTE"]`.
 * @returns The figure; its table has a line for each pair. The colour is that of user mode's right.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accessGrid } from "@pagetable-init/chapters";
 *
 * const { table } = accessGrid([{ row: "P", column: "P US", user: "nothing", supervisor: "read" }], ["PDE", "PTE"]);
 * assertEquals(table.rows, [["P", "P US", "nothing", "read"]]);
 * ```
 */
export function accessGrid(cells: readonly GridCell[], names: readonly [row: string, column: string]): Figure {
  const rows = [...new Set(cells.map(({ row }) => row))];
  const columns = [...new Set(cells.map(({ column }) => column))];
  const [row, column] = names;
  const open = cells.filter(({ user }) => user !== "nothing");
  const told = open.map((it) => `${row} ${it.row} with ${column} ${it.column}: ${it.user}`).join("; ");
  return {
    options: {
      width: MARGIN.marginLeft + columns.length * CELL.width + MARGIN.marginRight,
      height: MARGIN.marginTop + rows.length * CELL.height + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { type: "band", domain: columns, padding: 0 },
      y: { type: "band", domain: rows, padding: 0 },
      marks: [
        Plot.axisX({ anchor: "top", label: `${column} →`, tickSize: 0 }),
        Plot.axisY({ label: `↓ ${row}`, tickSize: 0 }),
        ...cellMarks(cells),
      ],
    },
    caption: `What a ${row} and a ${column} allow together.`,
    description:
      `A grid of ${cells.length} pairs, a row for each ${row}, a column for each ${column}. User mode reaches the page in ${open.length} of them: ${
        told || "none"
      }.`,
    table: {
      header: [row, column, "user", "supervisor"],
      rows: cells.map((it) => [it.row, it.column, it.user, it.supervisor]),
    },
  };
}
