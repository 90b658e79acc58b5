/**
 * The check of the book: programs made of the chapters, run, and compared with the pages.
 *
 * @module
 */

import type { Streams } from "../command.ts";
import { withScratch } from "../command/scratch.ts";
import { type Chapter, readChapter, readChapters } from "./chapters.ts";
import { outputProblems, ruleProblems, runChapter } from "./check_book.ts";
import { writeContents } from "./contents_page.ts";
import { writeIndex } from "./glossary_index.ts";
import type { PageOutput } from "./output.ts";
import { referenceProblems } from "./pages.ts";
import { blocksOf, PageError } from "./parse.ts";
import { type Problem, problemText } from "./problems.ts";
import { lint, type Programs, typeCheck, writePrograms } from "./programs.ts";
import { writeChapter } from "./write.ts";

/**
 * Checks chapters.
 *
 * @param numbers Numbers of the chapters; the whole book if there are none.
 * @param write Whether to write into the pages what their blocks show.
 * @param out Is told what came of it.
 * @returns The exit code.
 */
export async function checkBook(numbers: readonly number[], write: boolean, out: Streams["out"]): Promise<number> {
  try {
    const chapters = await readChapters(numbers);
    return await withScratch(async (folder) => {
      const programs = await writePrograms(chapters, folder);
      return await checkPrograms(programs, write, numbers.length === 0, out);
    });
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    out(`${error.message}\n`);
    return 1;
  }
}

async function checkPrograms(programs: Programs, write: boolean, all: boolean, out: Streams["out"]): Promise<number> {
  const said = await typeCheck(programs) || await lint(programs);
  if (said !== "") {
    out(`${said}\n`);
    return 1;
  }
  const problems: Problem[] = [];
  let thrown = 0;
  for (const chapter of programs.chapters) {
    const outputs = await outputsOf(chapter, programs, out);
    if (outputs === undefined) thrown++;
    else problems.push(...await finish(chapter, outputs, write));
  }
  if (all) problems.push(...await finishBook(write));
  for (const problem of problems) out(`${problemText(problem)}\n`);
  return problems.length + thrown === 0 ? 0 : 1;
}

/** The outputs of a chapter, or undefined if it throws. */
async function outputsOf(
  chapter: Chapter,
  programs: Programs,
  out: Streams["out"],
): Promise<readonly PageOutput[] | undefined> {
  try {
    const outputs = await runChapter(chapter, programs);
    out(`${chapter.slug}: ${blocksOf(chapter.page).length} blocks, ${outputs.length} outputs\n`);
    return outputs;
  } catch (error) {
    out(`${chapter.slug}: ${error instanceof Error ? error.message : error}\n`);
    return undefined;
  }
}

/** Writes a chapter's outputs, if wanted, and finds what is wrong with it then. */
async function finish(chapter: Chapter, outputs: readonly PageOutput[], write: boolean): Promise<Problem[]> {
  if (write && (await outputProblems(chapter, outputs)).length > 0) await writeChapter(chapter, outputs);
  const written = write ? await readChapter(chapter.slug) : chapter;
  return [...await outputProblems(written, outputs), ...await ruleProblems(written)];
}

async function finishBook(write: boolean): Promise<Problem[]> {
  const chapters = await readChapters();
  if (write) {
    await writeContents(chapters);
    await writeIndex(chapters);
  }
  return await referenceProblems(chapters);
}
