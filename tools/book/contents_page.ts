/**
 * The table of contents in `chapters/README.md`.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { type Exercise, listExercises } from "../exercises/exercise.ts";
import { ROOT } from "../command/root.ts";
import type { Chapter } from "./chapters.ts";
import { CONTENTS, numberOf } from "../pages/contents.ts";
import { meaningOf } from "../pages/markdown.ts";
import type { Problem } from "./problems.ts";
import { writePage } from "./write.ts";

const PAGE = "chapters/README.md";
const BEGINS = "<!-- contents -->";
const ENDS = "<!-- end of contents -->";

/**
 * The table of contents as Markdown: number, title and opening question of every chapter, and how many exercises it has.
 *
 * @param chapters The chapters that are written.
 * @param exercises All exercises.
 * @returns A Markdown table.
 */
export function contentsTable(chapters: readonly Chapter[], exercises: readonly Exercise[]): string {
  const rows = CONTENTS.map(({ slug, title }) => {
    const chapter = chapters.find((it) => it.slug === slug);
    const name = chapter === undefined ? title : `[${title}](${slug}/README.md)`;
    const count = exercises.filter((exercise) => exercise.chapter === slug).length;
    return `| ${numberOf(slug)} | ${name} | ${chapter === undefined ? "" : questionOf(chapter)} | ${count || ""} |`;
  });
  return ["| | chapter | its question | exercises |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function questionOf({ page }: Chapter): string {
  const [prose] = page.parts;
  const opening = prose?.kind === "prose" ? prose.nodes.find(({ type }) => type === "blockquote") : undefined;
  return opening === undefined ? "" : toString(opening).replace(/\s+/g, " ").replaceAll("|", "\\|");
}

/** The page of contents as it should be. */
async function contentsPage(chapters: readonly Chapter[]): Promise<{ readonly is: string; readonly should: string }> {
  const is = await Deno.readTextFile(new URL(PAGE, ROOT));
  const [head = "", rest = ""] = is.split(BEGINS);
  const tail = rest.split(ENDS)[1];
  if (tail === undefined) {
    throw new RangeError(`Expected "${BEGINS}" and "${ENDS}" in ${PAGE} but found neither or one`);
  }
  const table = contentsTable(chapters, await listExercises());
  return { is, should: `${head}${BEGINS}\n\n${table}\n\n${ENDS}${tail}` };
}

/**
 * Compares the table of contents with the chapters.
 *
 * @param chapters The chapters that are written.
 * @returns A problem if it is stale.
 */
export async function contentsProblems(chapters: readonly Chapter[]): Promise<Problem[]> {
  const { is, should } = await contentsPage(chapters);
  if (meaningOf(is) === meaningOf(should)) return [];
  return [{ page: PAGE, line: 1, message: "the table of contents is stale: deno task book --write" }];
}

/** Writes the table of contents, if it is stale. */
export async function writeContents(chapters: readonly Chapter[]): Promise<void> {
  const { is, should } = await contentsPage(chapters);
  if (meaningOf(is) !== meaningOf(should)) await writePage(new URL(PAGE, ROOT), should);
}
