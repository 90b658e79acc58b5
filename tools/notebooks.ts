/**
 * `deno task notebooks`: makes a notebook of each chapter, executes it in a real Jupyter, and compares it with the one that is kept.
 *
 * @module
 */

import { chapterNumber } from "./pages/chapter_number.ts";
import { type Command, main } from "./command.ts";

/** The command. */
export const notebooksCommand: Command = {
  name: "notebooks",
  words: "any",
  options: ["write"],
  help:
    `Makes notebooks/NN_slug.ipynb of each chapter and executes it with the Deno kernel, in a Jupyter that is installed once
into the user's cache folder (Python 3.10 or newer with pip; the packages come from PyPI). Something is wrong if a cell
fails, if a cell does not show what its block shows, or if the file that is kept has other bytes.

usage: deno task notebooks [NN]... [--write]

  NN       number of a chapter: this one alone; may be repeated
  --write  keep the notebooks that ran without fault
  --help   print this

Exit codes: 0 all is well, 1 something is wrong (a line each, with notebook and cell), 2 no such chapter, or no Jupyter.

example: deno task notebooks 7
`,
  async run({ words, options }, { out, err }) {
    const numbers = words.map(chapterNumber);
    const { checkNotebooks, leftOver, PageError } = await import("./notebooks/check.ts"); // with packages that the help does without
    let wrong = 0;
    const complain = (name: string, problem: string) => {
      wrong++;
      out(`notebooks/${name}: ${problem}\n`);
    };
    try {
      for (const { name, cells, seconds, problems } of await checkNotebooks(numbers, options.has("write"), err)) {
        out(`${name}: ${cells} code cells, ${seconds.toFixed(1)} s\n`);
        for (const problem of problems) complain(`${name}.ipynb`, problem);
      }
      if (numbers.length === 0) { for (const name of await leftOver()) complain(name, "it belongs to no chapter"); }
      return wrong === 0 ? 0 : 1;
    } catch (error) {
      if (!(error instanceof PageError)) throw error;
      out(`${error.message}\n`);
      return 1;
    }
  },
};

if (import.meta.main) await main(notebooksCommand);
