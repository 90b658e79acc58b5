/**
 * Everything that must be true of the book's pages, program by program and rule by rule.
 *
 * @module
 */

import type { Chapter } from "./chapters.ts";
import { compareDrawings, compareOutputs } from "./compare.ts";
import { linkProblems } from "./links.ts";
import { blocksOf } from "./parse.ts";
import { unprovenNumbers } from "./numbers.ts";
import { type PageOutput, pageOutputs } from "./output.ts";
import { navigationComplaints } from "./navigation.ts";
import { pageComplaints } from "./page_rules.ts";
import type { Problem } from "./problems.ts";
import { type Programs, run } from "./programs.ts";

/**
 * Runs the program of a chapter.
 *
 * @param chapter The chapter.
 * @param programs All programs.
 * @returns What its blocks show on the page.
 * @throws {Error} With what was thrown, by line of the page.
 */
export async function runChapter(chapter: Chapter, programs: Programs): Promise<PageOutput[]> {
  const [outputs = []] = await runChapters([chapter], programs);
  return outputs;
}

/**
 * Runs the programs of chapters in one process, which starts and warms up once.
 *
 * @param chapters The chapters.
 * @param programs All programs.
 * @returns What the blocks of each show on the page.
 * @throws {Error} With what the first one that failed threw, by line of the page.
 */
export async function runChapters(chapters: readonly Chapter[], programs: Programs): Promise<PageOutput[][]> {
  const result = await run(programs, chapters.map(({ slug }) => slug));
  if ("said" in result) throw new Error(result.said.trim());
  return chapters.map((chapter, i) => {
    const blocks = blocksOf(chapter.page);
    const shown = result.outputs[i]?.filter(({ block }) => blocks[block]?.play === false);
    return pageOutputs(chapter.number, shown ?? [], (block) => blocks[block]?.guess === true);
  });
}

/**
 * Compares a chapter with what its program shows.
 *
 * @param chapter The chapter.
 * @param outputs What its blocks show.
 * @returns The differences in the text and in the drawings.
 */
export async function outputProblems(chapter: Chapter, outputs: readonly PageOutput[]): Promise<Problem[]> {
  return [...compareOutputs(chapter, outputs), ...await compareDrawings(chapter, outputs)];
}

/**
 * Holds a chapter to the rules of a page, numbers and links included.
 *
 * @param chapter The chapter.
 * @returns What it breaks.
 */
export async function ruleProblems(chapter: Chapter): Promise<Problem[]> {
  const page = `chapters/${chapter.slug}/README.md`;
  const complaints = [
    ...navigationComplaints({ slug: chapter.slug, text: chapter.page.text }),
    ...pageComplaints(chapter),
    ...unprovenNumbers(chapter),
  ];
  return [...complaints.map((complaint) => ({ page, ...complaint })), ...await linkProblems([page])];
}
