/**
 * `deno task pack`: the library as others get it.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { type Command, main, pathOf } from "./command.ts";
import { bundle, packForDeno, packForNode } from "./pack/pack.ts";

/** The command. */
export const packCommand: Command = {
  name: "pack",
  words: 0,
  options: [],
  values: ["out"],
  help:
    `Packs the library as others get it: the files that are published, the package for npm, and a minified bundle of each
export for a browser. Prints what they weigh.

usage: deno task pack [--out DIR]

  --out DIR  the folder to write (default: out/pack)
  --help     print this

Exit codes: 0 done, 2 a command line that makes no sense.

example: deno task pack --out /tmp/packed
`,
  async run({ values }, streams) {
    const out = pathOf(values.out?.at(-1) ?? "out/pack", streams);
    await Deno.mkdir(out, { recursive: true });
    const folder = await Deno.realPath(out);
    const files = await packForDeno(`${folder}/deno`);
    const archive = `textbook-${config.version}.tgz`;
    await packForNode(`${folder}/${archive}`);
    streams.out(
      `deno/                 ${files.length} files\n${archive.padEnd(20)} ${await kilobytes(`${folder}/${archive}`)}\n`,
    );
    for (const [name, file] of Object.entries(config.exports)) {
      const output = name === "." ? "textbook.min.js" : `${name.slice(2)}.min.js`;
      const { minified, gzipped } = await bundle(file, `${folder}/${output}`);
      streams.out(`${output.padEnd(20)} ${inKilobytes(minified)}, gzipped ${inKilobytes(gzipped)}\n`);
    }
    return 0;
  },
};

async function kilobytes(path: string): Promise<string> {
  return inKilobytes((await Deno.stat(path)).size);
}

function inKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(6)} kB`;
}

if (import.meta.main) await main(packCommand);
