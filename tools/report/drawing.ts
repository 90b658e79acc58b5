/**
 * A figure as a drawing in a page.
 *
 * @module
 */

import { type Figure, renderSvg } from "../../chapters/figures/mod.ts";

/**
 * Draws a figure in the colours of the page.
 *
 * @param figure The figure.
 * @param id An id that no other drawing of the page has.
 * @returns SVG without the names that Plot gives its marks: they tell a listener nothing.
 */
export function drawing(figure: Figure, id: string): string {
  return renderSvg(figure, { id, scheme: "page" }).replace(/<g aria-label="[^"]*"/g, "<g");
}
