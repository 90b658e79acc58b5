/**
 * Chapters made for tests.
 *
 * @module
 */

import type { Chapter } from "../../tools/book/chapters.ts";
import { parseChapter } from "../../tools/book/parse.ts";
import type { Recorded } from "../../tools/book/record.ts";

/** A chapter of this text, in the place of the first. */
export function chapterOf(text: string, folder: string = "nowhere"): Chapter {
  const url = new URL(`file:///${folder.replace(/^\//, "")}/`);
  return { slug: "01_one_page_table", number: 1, folder: url, page: parseChapter(text) };
}

/** Text with fences written as `'''`, which a template string can hold. */
export function page(text: string): string {
  return text.replaceAll("'''", "```");
}

/** An output of lines. */
export function linesOf(block: number, ...lines: string[]): Recorded {
  return { block, output: { kind: "lines", lines } };
}

/** An output of a figure. */
export function figureOf(block: number, name: string): Recorded {
  const table = { header: ["a"], rows: [[1]] };
  return {
    block,
    output: {
      kind: "figure",
      name,
      svg: "<svg/>\n",
      caption: "A caption.",
      description: "What the figure shows, in words.",
      table,
    },
  };
}
