/**
 * `deno task pack`: the library as others get it.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { type Command, main, pathOf } from "./command.ts";
import { columns } from "../chapters/shown/columns.ts";
import { withScratch } from "./command/scratch.ts";
import { copyFiles, makeFolder } from "./command/whole_file.ts";
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
    await makeFolder(out);
    const rows = await withScratch(async (folder) => {
      const packed = await packAll(folder);
      await copyFiles(folder, out);
      return packed;
    });
    streams.out(columns(rows, { right: [1] }).map((line) => `${line}\n`).join(""));
    return 0;
  },
};

/** Packs everything into a folder. Returns what it weighs, a row each. */
async function packAll(folder: string): Promise<string[][]> {
  const files = await packForDeno(`${folder}/deno`);
  const archive = `textbook-${config.version}.tgz`;
  await packForNode(`${folder}/${archive}`);
  const rows = [
    ["deno/", `${files.length}`, "files"],
    [archive, kilobytes((await Deno.stat(`${folder}/${archive}`)).size), "kB"],
  ];
  for (const [name, file] of Object.entries(config.exports)) {
    const output = name === "." ? "textbook.min.js" : `${name.slice(2)}.min.js`;
    const { minified, gzipped } = await bundle(file, `${folder}/${output}`, `${folder}/deno`);
    rows.push([output, kilobytes(minified), `kB, gzipped ${kilobytes(gzipped)} kB`]);
  }
  return rows;
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

if (import.meta.main) await main(packCommand);
