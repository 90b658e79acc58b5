/**
 * A legend drawn as marks, so that it is part of the picture wherever the picture goes.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { paint, type PaintName } from "./palette.ts";
import { type SymbolName, SYMBOLS } from "./symbols.ts";

/** One entry: a symbol, how it is painted, and what it means. */
export interface LegendEntry {
  readonly symbol: SymbolName;
  readonly color: PaintName;
  /** Filled, or drawn as a line. */
  readonly filled: boolean;
  readonly label: string;
}

const LETTER = 6.4; // mean width of a letter at 12 px, generous: an overlap reads worse than a gap

/**
 * Entries in one line below the frame.
 *
 * @param entries The entries, left to right.
 * @param dx Pixels from the left edge of the frame to the first symbol.
 * @param dy Pixels from the lower edge of the frame down to the line.
 * @param panel In a figure of several panels, the one to which it belongs.
 * @returns Two marks for each entry.
 */
export function legend(entries: readonly LegendEntry[], dx: number, dy: number, panel?: string): Plot.Markish[] {
  const within = panel === undefined ? {} : { fy: [panel] };
  let x = dx;
  return entries.flatMap(({ symbol, color, filled, label }) => {
    const at = x;
    x += 34 + label.length * LETTER;
    const ink = filled ? { fill: paint(color), stroke: "none" } : { stroke: paint(color), strokeWidth: 2.2 };
    return [
      Plot.dot([0], {
        ...within,
        symbol: SYMBOLS[symbol],
        r: 5,
        frameAnchor: "bottom-left",
        dx: at + 6,
        dy,
        clip: false,
        ...ink,
      }),
      Plot.text([label], {
        ...within,
        frameAnchor: "bottom-left",
        lineAnchor: "middle",
        textAnchor: "start",
        dx: at + 18,
        dy,
        fill: paint("ink"),
      }),
    ];
  });
}
