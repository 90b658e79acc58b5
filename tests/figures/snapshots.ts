/**
 * The drawings that are kept in `snapshots/`, and the program that writes them:
 *
 *     deno run --allow-read --allow-write tests/figures/snapshots.ts
 *
 * @module
 */

import { type Figure, renderSvg } from "../../chapters/figures/mod.ts";
import { SAMPLE_FIGURES } from "./sample_figures.ts";

/** Where the drawing of a sample is kept. */
export function snapshotUrl(name: string): URL {
  return new URL(`snapshots/${name}.svg`, import.meta.url);
}

/** The drawing as it is kept. */
export function snapshotText(figure: Figure): string {
  return `${renderSvg(figure, { id: "figure", scheme: "auto" })}\n`;
}

if (import.meta.main) {
  for (const [name, figure] of Object.entries(SAMPLE_FIGURES)) {
    await Deno.writeTextFile(snapshotUrl(name), snapshotText(figure()));
  }
}
