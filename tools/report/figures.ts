/**
 * All figures of a report, drawn.
 *
 * @module
 */

import {
  coverageMap,
  type Figure,
  type FigureCell,
  permissionErrors,
  renderSvg,
  verdictMatrix,
} from "../../chapters/figures/mod.ts";

/** A figure and its drawing. */
export interface DrawnFigure {
  readonly figure: Figure;
  /** Begins the ids in the drawing. */
  readonly id: string;
  /** SVG text for a page that defines the colours. */
  readonly svg: string;
}

/** The figures of one platform, with the cells that they show. */
export interface PlatformFigures {
  readonly platform: string;
  readonly cells: readonly FigureCell[];
  readonly coverage: DrawnFigure;
  readonly errors: DrawnFigure;
}

/** The figures of a report. */
export interface ReportFigures {
  readonly verdicts: DrawnFigure;
  readonly platforms: readonly PlatformFigures[];
}

function draw(figure: Figure, id: string): DrawnFigure {
  return { figure, id, svg: renderSvg(figure, { id, scheme: "page" }) };
}

/**
 * Draws all figures of a report. Platforms come in the order in which the cells first name them.
 *
 * @param cells The cells of the matrix.
 * @returns The verdict matrix, and for each platform its coverage map and its permission-error chart.
 */
export function drawFigures(cells: readonly FigureCell[]): ReportFigures {
  const platforms = [...new Set(cells.map(({ row }) => row.platform))];
  return {
    verdicts: draw(verdictMatrix(cells.map(({ row }) => row)), "verdicts"),
    platforms: platforms.map((platform, at) => {
      const mine = cells.filter(({ row }) => row.platform === platform);
      const rows = mine.map(({ row }) => row);
      return {
        platform,
        cells: mine,
        coverage: draw(coverageMap(platform, mine), `coverage-${at}`),
        errors: draw(permissionErrors(platform, rows), `errors-${at}`),
      };
    }),
  };
}
