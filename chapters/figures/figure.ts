/**
 * The result of every figure function.
 *
 * @module
 */

import type { PlotOptions } from "@observablehq/plot";

/** The table that a figure was drawn from: a heading for each column, and the cells by row. */
export interface FigureTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A figure: Plot options that draw it, and a text and a table for readers who cannot see it. */
export interface Figure {
  /** Options of `Plot.plot`, without a document. */
  readonly options: PlotOptions;
  /** Caption: the subject of the figure and, if it helps, what to look for. */
  readonly caption: string;
  /** The alternative text: what the figure shows, with its numbers. */
  readonly description: string;
  /** The numbers that were drawn. */
  readonly table: FigureTable;
}

/** Width of the column for which a figure is drawn: a page's, or 380 pixels, as on a phone. */
export type Layout = "wide" | "narrow";
