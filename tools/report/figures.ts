/**
 * All figures of a report, drawn for a page and for a phone.
 *
 * @module
 */

import {
  coverageMap,
  type Figure,
  type FigureCell,
  type Layout,
  permissionErrors,
  verdictMatrix,
} from "../../chapters/figures/mod.ts";
import type { Row } from "../../core/matrix.ts";
import { drawing } from "./drawing.ts";

/** A figure and its drawings. */
export interface DrawnFigure {
  readonly figure: Figure;
  /** Begins the ids in the wide drawing. */
  readonly id: string;
  /** SVG text for a page that defines the colours. */
  readonly svg: string;
  /** The same for a column of 380 pixels. */
  readonly narrow: string;
}

/** The coverage of one platform, with the cells that it shows. */
export interface PlatformFigure {
  readonly platform: string;
  readonly cells: readonly FigureCell[];
  readonly coverage: DrawnFigure;
}

/** The figures of a report. */
export interface ReportFigures {
  /** The cells, in the order of their links. */
  readonly cells: readonly FigureCell[];
  readonly verdicts: DrawnFigure;
  /** Permission errors of boots that finished. */
  readonly finished: DrawnFigure;
  /** Permission errors of boots that stopped, at that moment; undefined if none has any. */
  readonly stopped: DrawnFigure | undefined;
  readonly platforms: readonly PlatformFigure[];
}

function draw(id: string, of: (layout: Layout) => Figure): DrawnFigure {
  const figure = of("wide");
  return { figure, id, svg: drawing(figure, id), narrow: drawing(of("narrow"), `${id}-narrow`) };
}

/** The id of the panel that says why a cell is as it is. */
export function panelId(cells: readonly FigureCell[], row: Row): string {
  return `why-${cells.findIndex((cell) => cell.row === row)}`;
}

/**
 * Draws all figures of a report. Platforms come in the order in which the cells first name them.
 *
 * @param cells The cells of the matrix.
 * @returns The verdict matrix, the permission errors, and for each platform its coverage map.
 */
export function drawFigures(cells: readonly FigureCell[]): ReportFigures {
  const rows = cells.map(({ row }) => row);
  const platforms = [...new Set(rows.map(({ platform }) => platform))];
  const finished = cells.filter(({ row }) => row.booted);
  const stopped = cells.filter(({ row }) => !row.booted && row.void === undefined);
  const wrong = stopped.some(({ row }) => Object.values(row.permissionErrors).some((pages) => pages > 0));
  const href = (row: Row) => `#${panelId(cells, row)}`;
  return {
    cells,
    verdicts: draw("verdicts", (layout) => verdictMatrix(rows, { layout, href })),
    finished: draw(
      "errors",
      (layout) =>
        permissionErrors(finished, "Permission errors of the boots that finished: where they lie in lowmem.", layout),
    ),
    stopped: wrong
      ? draw(
        "stopped",
        (layout) => permissionErrors(stopped, "Permission errors of the boots that stopped, at that moment.", layout),
      )
      : undefined,
    platforms: platforms.map((platform, at) => {
      const mine = cells.filter(({ row }) => row.platform === platform);
      const coverage = draw(`coverage-${at}`, (layout) => coverageMap(platform, mine, undefined, layout));
      return { platform, cells: mine, coverage };
    }),
  };
}
