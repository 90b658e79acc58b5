/**
 * `deno task book`: runs the chapters, checks the pages, and with `--write` puts into them what their blocks show.
 *
 * @module
 */

import { type Command, main } from "./command.ts";
import { chapterNumber } from "./pages/chapter_number.ts";

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
    const { checkBook } = await import("./book/check.ts"); // with packages that the help does without
    return await checkBook(words.map(chapterNumber), options.has("write"), out);
  },
};

if (import.meta.main) await main(bookCommand);
