/**
 * A legend of patches, in as many lines as its width asks for.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { paint } from "./palette.ts";

/** One entry: a patch and what it means. */
export interface Swatch {
  /** A colour, or `HATCH`. */
  readonly fill: string;
  /** Height of the patch, as a share of a line. */
  readonly share: number;
  readonly label: string;
}

const LINE = 18;
const LETTER = 6.7;
const PATCH = 16;

interface Placed extends Swatch {
  readonly x: number;
  readonly y: number;
}

/** A legend in its place. */
export interface Swatches {
  readonly marks: Plot.Markish[];
  /** Pixels that it takes. */
  readonly height: number;
}

/**
 * Puts entries side by side, and below each other where they do not fit.
 *
 * @param entries The entries.
 * @param left Pixel of the first.
 * @param top Pixel of its upper edge.
 * @param width Pixels that a line may take.
 * @returns The marks; they need identity scales.
 */
export function swatches(entries: readonly Swatch[], left: number, top: number, width: number): Swatches {
  const placed: Placed[] = [];
  let [x, y] = [left, top];
  for (const entry of entries) {
    const size = PATCH + 6 + entry.label.length * LETTER + 14;
    if (x > left && x + size > left + width) [x, y] = [left, y + LINE];
    placed.push({ ...entry, x, y });
    x += size;
  }
  const marks = placed.flatMap((it) => [
    Plot.rect([it], {
      x1: it.x,
      x2: it.x + PATCH,
      y1: it.y + 3 + 11 * (1 - it.share),
      y2: it.y + 14,
      fill: it.fill,
    }),
    Plot.text([it], { x: it.x + PATCH + 6, y: it.y + 9, text: [it.label], textAnchor: "start", fill: paint("ink") }),
  ]);
  return { marks, height: entries.length === 0 ? 0 : y - top + LINE };
}
