/**
 * The number of a chapter, as the command line of `book` and `notebooks` has it.
 *
 * @module
 */

import { Misuse } from "../command.ts";
import { CONTENTS, numberOf } from "./contents.ts";

/**
 * Reads the number of a chapter.
 *
 * @param word What was written: digits, with or without a zero in front.
 * @returns The number.
 * @throws {Misuse} If no chapter has it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chapterNumber } from "./chapter_number.ts";
 *
 * assertEquals(chapterNumber("03"), 3);
 * ```
 */
export function chapterNumber(word: string): number {
  const number = CONTENTS.map(({ slug }) => numberOf(slug)).find((it) => /^\d+$/.test(word) && it === Number(word));
  if (number === undefined) throw new Misuse(`expected a chapter from 1 to ${CONTENTS.length} but found ${word}`);
  return number;
}
