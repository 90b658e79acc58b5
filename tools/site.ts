/**
 * `deno task site`: the book as a web site.
 *
 * @module
 */

import { type Command, main, pathOf } from "./command.ts";
import { serve } from "./site/serve.ts";

/** The command. */
export const siteCommand: Command = {
  name: "site",
  words: 0,
  options: ["pdf", "serve"],
  values: ["out"],
  help: `Builds the book as a static web site: read, run and edit every block in a browser, without a server of its own.

usage: deno task site [--out DIR] [--pdf] [--serve]

  --out DIR  the folder to write (default: out/site)
  --pdf      print the whole book to DIR/book.pdf, by an installed Chromium
  --serve    serve it to this machine afterwards, until Ctrl-C
  --help     print this

Any static host serves the folder. The first build needs npm.

Exit codes: 0 done, 2 a command line that makes no sense, a folder that cannot be written, or no browser for --pdf.

example: deno task site --serve
`,
  async run({ values, options }, streams) {
    const out = pathOf(values.out?.at(-1) ?? "out/site", streams);
    const { buildSite } = await import("./site/build.ts"); // with packages that the help does without
    const pages = await buildSite(out, { pdf: options.has("pdf") });
    streams.out(`${out}/index.html: ${pages} pages\n`);
    if (options.has("pdf")) {
      const { printBook } = await import("./site/pdf.ts");
      streams.out(`${out}/${await printBook(out)}\n`);
    }
    if (options.has("serve")) await serve(out, (address) => streams.out(`${address}\n`));
    return 0;
  },
};

if (import.meta.main) await main(siteCommand);
