/**
 * Rows as a result.
 *
 * @module
 */

import type { FigureTable } from "../figures/figure.ts";
import { paragraphsHtml, plainTable, tableHtml } from "./kept_html.ts";
import { type MimeBundle, Shown } from "./shown.ts";

/** The contents of a cell. */
export type CellValue = string | number | boolean;

/** A table that a block shows. */
export class Table extends Shown implements FigureTable {
  /** The column headings. */
  readonly header: readonly string[];
  /** The cells, by row. */
  readonly rows: readonly (readonly (string | number)[])[];
  /** A line that stands below, or nothing. */
  readonly caption: string;

  /**
   * @param contents Headings and cells.
   * @param caption A line that stands below, or nothing.
   */
  constructor({ header, rows }: FigureTable, caption: string = "") {
    super();
    this.header = header;
    this.rows = rows;
    this.caption = caption;
  }

  /** For a notebook. */
  override outputs(): readonly [MimeBundle] {
    const below = this.caption === "" ? [] : [this.caption];
    return [{
      "text/html": [tableHtml(this), ...below.map((text) => paragraphsHtml(text))].join("\n"),
      "text/plain": [plainTable(this), ...below].join("\n"),
    }];
  }
}

/**
 * Shows rows as a table.
 *
 * @param rows One record a row; all have the columns of the first, in its order.
 * @param caption A line that stands below, or nothing.
 * @returns A result, for the last line of a block.
 * @throws {RangeError} If there is no row, or a row lacks a column or has another.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { table } from "@pagetable-init/chapters";
 *
 * const { header, rows } = table([{ mode: "two-level", levels: 2 }, { mode: "pae", levels: 3 }]);
 * assertEquals(header, ["mode", "levels"]);
 * assertEquals(rows, [["two-level", 2], ["pae", 3]]);
 * ```
 */
export function table(rows: readonly Readonly<Record<string, CellValue>>[], caption: string = ""): Table {
  const [first] = rows;
  if (first === undefined) throw new RangeError("Expected rows for a table but found none");
  const header = Object.keys(first);
  return new Table({ header, rows: rows.map((row) => cellsOf(row, header)) }, caption);
}

function cellsOf(row: Readonly<Record<string, CellValue>>, header: readonly string[]): (string | number)[] {
  const cells = header.map((name) => row[name]);
  if (Object.keys(row).length !== header.length || cells.includes(undefined)) {
    throw new RangeError(`Expected a row with ${header.join(", ")} but found ${Object.keys(row).join(", ")}`);
  }
  return cells.map((cell) => typeof cell === "boolean" ? (cell ? "yes" : "no") : cell ?? "");
}
