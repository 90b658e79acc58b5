/**
 * What every figure function returns.
 *
 * @module
 */

import type { PlotOptions } from "@observablehq/plot";

/** The table that a figure was drawn from: a heading for each column, and the cells by row. */
export interface FigureTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A figure: what Plot needs to draw it, and what a reader needs who cannot see it. */
export interface Figure {
  /** Options of `Plot.plot`, without a document. */
  readonly options: PlotOptions;
  /** What stands under the figure: what it shows and, where it helps, what to look for. */
  readonly caption: string;
  /** The alternative text: what the figure shows, with its numbers. */
  readonly description: string;
  /** The numbers that were drawn. */
  readonly table: FigureTable;
}

/** The column that a figure is for: that of a page, or 380 pixels, as a phone has. */
export type Layout = "wide" | "narrow";
