/**
 * Builds the reference: `deno doc --html`, then what `page.ts` changes.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { withScratch } from "../command/scratch.ts";
import { moveFiles } from "../command/whole_file.ts";
import { finishPage, glossaryPage, type Part, type Site, withParts } from "./page.ts";
import { termsOf } from "./terms.ts";

async function denoDoc(args: readonly string[]): Promise<string> {
  const { code, out, err } = await runDeno(["doc", ...args], { env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Error(`deno doc failed:\n${err}`);
  return out;
}

/** The parts of the library with the first paragraph of what they say of themselves. */
async function readParts(): Promise<Part[]> {
  const files = Object.entries(config.exports).filter(([part]) => part !== ".");
  const { nodes }: { nodes: Record<string, { module_doc?: { doc?: string } }> } = JSON.parse(
    await denoDoc(["--json", ...files.map(([, file]) => file)]),
  );
  return files.map(([part, file]) => ({
    name: config.name + part.slice(1),
    summary: nodes[new URL(file, ROOT).href]?.module_doc?.doc?.split("\n\n")[0]?.replaceAll("\n", " ") ?? "",
  }));
}

async function htmlIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".html")) names.push(name);
  return names.sort();
}

/** The new text of each page of the site, by path. */
async function finishedPages(folder: string): Promise<Map<string, string>> {
  const glossary = await Deno.readTextFile(new URL("chapters/glossary.md", ROOT));
  const symbolPages = await htmlIn(`${folder}/~`);
  const symbols = new Set(symbolPages.map((name) => name.slice(0, -".html".length)));
  const site: Site = { name: config.name, terms: termsOf(glossary), symbols };
  const pages = new Map<string, string>();
  for (const path of [...await htmlIn(folder), ...symbolPages.map((name) => `~/${name}`)]) {
    pages.set(path, finishPage(await Deno.readTextFile(`${folder}/${path}`), path.startsWith("~/") ? "../" : "", site));
  }
  const front = pages.get("index.html") ?? "";
  return pages
    .set("index.html", withParts(front, await readParts()))
    .set("glossary.html", glossaryPage(glossary, front, site));
}

/**
 * Builds the reference.
 *
 * @param folder Where it goes. Pages that are there already are written anew; nothing else there is touched.
 * @returns How many pages there are.
 */
export async function buildDocs(folder: string): Promise<number> {
  return await withScratch(async (raw) => { // `deno doc` deletes what is in the folder that it writes
    await denoDoc(["--html", `--name=${config.name}`, `--output=${raw}`, config.exports["."]]);
    const pages = await finishedPages(raw);
    for (const [path, page] of pages) await Deno.writeTextFile(`${raw}/${path}`, page);
    await moveFiles(raw, folder);
    return pages.size;
  }, folder);
}
