/**
 * The colours of figures in a notebook: those of the page around it, which counts as light unless it is marked as dark.
 *
 * @module
 */

import { paletteCss } from "../figures/palette.ts";

/** The class of an element whose figures follow the notebook. */
export const NOTEBOOK_FIGURE = "pagetable-figure";

/** The marks of dark front ends: JupyterLab and the pages of nbconvert, then VS Code. */
const DARK: readonly string[] = ['[data-jp-theme-light="false"]', ".vscode-dark", ".vscode-high-contrast"];

/**
 * The style sheet that a figure in a notebook brings along.
 *
 * @returns CSS: the colours by theme, and no figure wider than its cell.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { notebookCss } from "@pagetable-init/chapters";
 *
 * assertStringIncludes(notebookCss(), '[data-jp-theme-light="false"] .pagetable-figure');
 * ```
 */
export function notebookCss(): string {
  const figure = `.${NOTEBOOK_FIGURE}`;
  return [
    paletteCss(figure, "light"),
    paletteCss(DARK.map((dark) => `${dark} ${figure}`).join(", "), "dark"),
    `${figure} { margin: 0; }`,
    `${figure} svg { max-width: 100%; height: auto; }`,
  ].join("\n");
}
