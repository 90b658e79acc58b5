/**
 * The drawings that are kept in `snapshots/`, and the program that writes them:
 *
 *     deno run --allow-read --allow-write tests/figures/snapshots.ts
 *
 * @module
 */

import { coverageMap, type Figure, permissionErrors, renderSvg, verdictMatrix } from "../../chapters/figures/mod.ts";
import { SAMPLE_CELLS } from "./sample_cells.ts";

const native = SAMPLE_CELLS.filter(({ row }) => row.platform === "native-p6");
const rowsOf = (cells: typeof SAMPLE_CELLS) => cells.map(({ row }) => row);

/** The figures that are kept, by file name. */
export const SNAPSHOTS: Readonly<Record<string, () => Figure>> = {
  "verdict_matrix.svg": () => verdictMatrix(rowsOf(SAMPLE_CELLS)),
  "coverage_map.svg": () => coverageMap("native-p6", native),
  "permission_errors.svg": () => permissionErrors("native-p6", rowsOf(native)),
};

/** Where a drawing is kept. */
export function snapshotUrl(name: string): URL {
  return new URL(`snapshots/${name}`, import.meta.url);
}

/** The drawing as it is kept. */
export function snapshotText(figure: Figure): string {
  return `${renderSvg(figure, { id: "figure", scheme: "auto" })}\n`;
}

if (import.meta.main) {
  for (const [name, figure] of Object.entries(SNAPSHOTS)) {
    await Deno.writeTextFile(snapshotUrl(name), snapshotText(figure()));
  }
}
