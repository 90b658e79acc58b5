/**
 * `deno task book`: runs the chapters, checks the pages, and with `--write` puts into them what their blocks show.
 *
 * @module
 */

import { chapterNumber } from "./pages/chapter_number.ts";
import { type Chapter, readChapter, readChapters } from "./book/chapters.ts";
import { outputProblems, ruleProblems, runChapter } from "./book/check_book.ts";
import { writeContents } from "./book/contents_page.ts";
import type { PageOutput } from "./book/output.ts";
import { referenceProblems } from "./book/pages.ts";
import { blocksOf, PageError } from "./book/parse.ts";
import { type Problem, problemText } from "./book/problems.ts";
import { lint, type Programs, typeCheck, writePrograms } from "./book/programs.ts";
import { writeChapter } from "./book/write.ts";
import { withScratch } from "./command/scratch.ts";
import { type Command, main, type Streams } from "./command.ts";

/** The command. */
export const bookCommand: Command = {
  name: "book",
  words: "any",
  options: ["write"],
  help:
    `Makes one program of each chapter's blocks; type-checks, lints and runs it; compares what the blocks show with the
page; holds the pages to their rules; follows every link.

usage: deno task book [NN]... [--write]

  NN       number of a chapter: this one alone, and neither contents nor glossary; may be repeated
  --write  put into the pages what their blocks show: outputs, figures, table of contents
  --help   print this

Exit codes: 0 all is well, 1 something is wrong (a line each, with page and line), 2 no such chapter.

example: deno task book 3 --write
`,
  async run({ words, options }, { out }) {
    const numbers = words.map(chapterNumber);
    try {
      const chapters = await readChapters(numbers);
      return await withScratch(async (folder) => {
        const programs = await writePrograms(chapters, folder);
        return await checkPrograms(programs, options.has("write"), numbers.length === 0, out);
      });
    } catch (error) {
      if (!(error instanceof PageError)) throw error;
      out(`${error.message}\n`);
      return 1;
    }
  },
};

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

/** What a chapter shows, or undefined if it throws. */
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
  if (write) await writeContents(chapters);
  return await referenceProblems(chapters);
}

if (import.meta.main) await main(bookCommand);
