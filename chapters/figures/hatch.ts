/**
 * Hatching: an error is drawn as stripes over the colour of its page, so that it is visible in grey too.
 *
 * @module
 */

import type * as Plot from "@observablehq/plot";
import { paint, type PaintName } from "./palette.ts";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = 8;

/** A fill of stripes; the figure needs `hatchMark` as well. */
export const HATCH = "url(#hatch)";

function element(document: Document, name: string, attributes: Readonly<Record<string, string | number>>): Element {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/**
 * The stripes that `HATCH` refers to.
 *
 * @param color Colour of the stripes; what is below shows between them.
 * @returns A mark that draws nothing itself.
 */
export function hatchMark(color: PaintName): Plot.Markish {
  return (_index, _scales, _values, _dimensions, { document }) => {
    const defs = element(document, "defs", {});
    const size = { width: SIZE, height: SIZE, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    const pattern = element(document, "pattern", { id: "hatch", ...size });
    pattern.append(
      element(document, "rect", { width: 4, height: SIZE, fill: paint("paper") }),
      element(document, "rect", { width: 3, height: SIZE, fill: paint(color) }),
    );
    defs.append(pattern);
    return defs as SVGElement;
  };
}
