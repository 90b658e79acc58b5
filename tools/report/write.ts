/**
 * Writes report and figures into a folder.
 *
 * @module
 */

import { type FigureCell, onPaper, type RenderOptions, renderSvg, verdictMatrix } from "../../chapters/figures/mod.ts";
import { drawFigures, type DrawnFigure, type ReportFigures } from "./figures.ts";
import { makeFolder, writeWhole } from "../command/whole_file.ts";
import { reportPage } from "./page.ts";
import { type Steppers, steppersOf } from "./steppers.ts";

const XML = `<?xml version="1.0" encoding="UTF-8"?>\n`;

/** An id as part of a file name: the ids of the book stay as they are. */
function fileName(id: string): string {
  return id.replace(/[^a-z0-9-]/gi, "_");
}

function svgFile({ svg, id }: Pick<DrawnFigure, "svg" | "id">): string {
  const how: RenderOptions = { id, scheme: "auto" };
  return `${XML}${onPaper(svg, how)}\n`;
}

/** The verdict without its page: the result stands in it, and its cells lead nowhere. */
function verdictFile({ cells }: ReportFigures): string {
  const figure = verdictMatrix(cells.map(({ row }) => row), { headline: true });
  return svgFile({ id: "verdicts", svg: renderSvg(figure, { id: "verdicts", scheme: "page" }) });
}

/**
 * The files of a report by name: `report.html`, the verdict, the permission errors, and the coverage of each platform.
 *
 * @param figures Drawn figures.
 * @param memoryBytes Memory of each machine.
 * @param steppers Boots to step through, in the order of the cells.
 * @returns Names, none with a folder in it, and contents.
 */
export function reportFiles(
  figures: ReportFigures,
  memoryBytes: number,
  steppers: Steppers = [],
): Map<string, string> {
  const files = new Map([["report.html", reportPage({ memoryBytes, figures, steppers })]]);
  files.set("verdicts.svg", verdictFile(figures));
  files.set("permission-errors.svg", svgFile(figures.finished));
  for (const { platform, coverage } of figures.platforms) {
    files.set(`coverage-${fileName(platform)}.svg`, svgFile(coverage));
  }
  return files;
}

/**
 * Draws everything, then writes it: each file is the old one or the new one, whole.
 *
 * @param folder Made if it is not there.
 * @param cells The matrix.
 * @param memoryBytes Memory of each machine.
 * @returns How many files were written.
 * @throws {Misuse} If the folder or a file in it cannot be written.
 */
export async function writeReport(
  folder: string,
  cells: readonly FigureCell[],
  memoryBytes: number,
): Promise<number> {
  const steppers = steppersOf(cells); // in workers, while the figures are drawn here
  const files = reportFiles(drawFigures(cells), memoryBytes, await steppers);
  await makeFolder(folder);
  for (const [name, text] of files) await writeWhole(`${folder}/${name}`, text);
  return files.size;
}
