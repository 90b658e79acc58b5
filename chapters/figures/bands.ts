/**
 * Bands one below the other, each with lines of words above and below its bar: the layout that coverage and permission errors share.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { paint, type PaintName } from "./palette.ts";

/** Pixels of a line of words. */
export const WORD_LINE = 16;
const LETTER = 6.7; // mean width of a letter at 12 px, generous: an overlap reads worse than a gap

/** Words in lines that fit a width at 12 px. */
export function wrapWords(text: string, width: number): string[] {
  const letters = Math.max(8, Math.floor(width / LETTER));
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > letters) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A band that is asked for. */
export interface BandWords {
  /** Above the band, where a group of bands begins. */
  readonly heading?: string;
  /** Above its bar. */
  readonly name: string;
  /** Below its bar; empty for none. */
  readonly says: string;
  readonly ink: PaintName;
  /** Pixels of its bar. */
  readonly bar: number;
}

/** A band in its place. */
export interface Band {
  /** Pixel of the upper edge of its bar. */
  readonly y: number;
  readonly bar: number;
}

/** Words in their place. */
interface PlacedWords {
  readonly text: string;
  readonly y: number;
  readonly ink: PaintName;
  readonly weight: "bold" | "normal";
}

/** Bands in their places. */
export interface Bands {
  readonly bands: readonly Band[];
  readonly words: readonly PlacedWords[];
  /** Pixel below the last. */
  readonly end: number;
}

/**
 * Puts bands one below the other.
 *
 * @param asked The bands.
 * @param top Pixel of the first.
 * @param width Pixels that words may take.
 * @returns The places of bands and words.
 */
export function stackBands(asked: readonly BandWords[], top: number, width: number): Bands {
  const bands: Band[] = [];
  const words: PlacedWords[] = [];
  let y = top;
  const write = (text: string, ink: PaintName, weight: PlacedWords["weight"]) => {
    for (const line of text === "" ? [] : wrapWords(text, width)) {
      words.push({ text: line, y: y + WORD_LINE / 2, ink, weight });
      y += WORD_LINE;
    }
  };
  for (const { heading = "", name, says, ink, bar } of asked) {
    if (heading !== "") y += 6;
    write(heading, "muted", "normal");
    write(name, "ink", "bold");
    bands.push({ y: y + 2, bar });
    y += bar + 4;
    write(says, ink, "normal");
    y += 10;
  }
  return { bands, words, end: y };
}

/** The words of bands, as marks. */
export function bandWords({ words }: Bands, left: number): Plot.Markish[] {
  const inks = [...new Set(words.map(({ ink, weight }) => `${ink} ${weight}`))];
  return inks.map((key) => {
    const [ink = "ink", weight = "normal"] = key.split(" ");
    return Plot.text(words.filter((it) => `${it.ink} ${it.weight}` === key), {
      x: () => left,
      y: ({ y }: PlacedWords) => y,
      text: ({ text }: PlacedWords) => text,
      textAnchor: "start",
      fontWeight: weight as "bold" | "normal",
      fill: paint(ink as PaintName),
    });
  });
}
