/**
 * `deno task docs`: the reference of the library, with links into the glossary.
 *
 * @module
 */

import { type Command, main, pathOf } from "./command.ts";
import { makeFolder } from "./command/whole_file.ts";

/** The command. */
export const docsCommand: Command = {
  name: "docs",
  words: 0,
  options: [],
  values: ["out"],
  help:
    `Builds the reference of the library: a page for each symbol, the glossary beside them, and a link where a page first uses
one of its words. The pages need no network.

usage: deno task docs [--out DIR]

  --out DIR  the folder to write (default: out/docs)
  --help     print this

Exit codes: 0 done, 2 a command line that makes no sense.

example: deno task docs --out /tmp/reference
`,
  async run({ values }, streams) {
    const out = pathOf(values.out?.at(-1) ?? "out/docs", streams);
    await makeFolder(out);
    const { buildDocs } = await import("./docs/site.ts"); // with packages that nothing else here needs
    const pages = await buildDocs(out);
    streams.out(`${out}/index.html: ${pages} pages\n`);
    return 0;
  },
};

if (import.meta.main) await main(docsCommand);
