/**
 * The verdict matrix as the README shows it, on light and on dark paper. Run as a program it writes both:
 *
 *     deno run --allow-read --allow-write tools/report/picture.ts
 *
 * @module
 */

import { renderSvg, verdictMatrix } from "../../chapters/figures/mod.ts";
import { fileURLToPath } from "node:url";
import { writeWhole } from "../command/whole_file.ts";
import { matrix, type Row } from "../../core/matrix.ts";

/** The papers of the picture, and the file for each. */
export const PICTURES: { readonly light: URL; readonly dark: URL } = Object.freeze({
  light: new URL("../../docs/verdict_light.svg", import.meta.url),
  dark: new URL("../../docs/verdict_dark.svg", import.meta.url),
});

/**
 * The picture for one paper.
 *
 * @param rows Rows of the matrix.
 * @param paper Light or dark.
 * @returns The text of an SVG file.
 */
export function verdictPicture(rows: readonly Row[], paper: keyof typeof PICTURES): string {
  return `${renderSvg(verdictMatrix(rows, { headline: true }), { id: "verdict", scheme: paper })}\n`;
}

if (import.meta.main) {
  const rows = [...matrix()].map(({ row }) => row);
  await Deno.mkdir(new URL(".", PICTURES.light), { recursive: true });
  for (const paper of ["light", "dark"] as const) {
    await writeWhole(fileURLToPath(PICTURES[paper]), verdictPicture(rows, paper));
  }
}
