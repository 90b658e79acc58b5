/**
 * A chapter as the cells of a notebook.
 *
 * @module
 */

import type { ChapterText } from "./parse.ts";

/** A cell. */
export interface Cell {
  readonly kind: "markdown" | "code";
  /** Its text, without a line feed at the end. */
  readonly source: string;
  /** Whether it is code for the reader to change. */
  readonly play: boolean;
  /** Whether the reader is to guess what it shows before it is seen. */
  readonly guess: boolean;
  /** Line of the README that it begins in, counted from 1. */
  readonly line: number;
}

/**
 * The cells of a chapter. What blocks show is left out: a notebook has its own outputs. Links are as they are, relative to the
 * chapter's folder.
 *
 * @param chapter The parsed text.
 * @returns A cell for each block, and one for the prose between two.
 */
export function cellsOf({ text, parts }: ChapterText): Cell[] {
  const lines = text.split("\n");
  return parts.map((part) => {
    if (part.kind === "block") {
      const { source, play, guess, first } = part;
      return { kind: "code", source, play, guess, line: first + 1 };
    }
    const source = lines.slice(part.first - 1, part.last).join("\n");
    return { kind: "markdown", source, play: false, guess: false, line: part.first };
  });
}
