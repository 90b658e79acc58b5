/**
 * Builds the reference: `deno doc --html`, then what `page.ts` changes.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { finishPage, glossaryPage, type Part, type Site, withParts } from "./page.ts";
import { termsOf } from "./terms.ts";

const root = new URL("../../", import.meta.url);

async function denoDoc(args: readonly string[]): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), { args: ["doc", ...args], cwd: root, env: { NO_COLOR: "1" } });
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(`deno doc failed:\n${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** The parts of the library with the first paragraph of what they say of themselves. */
async function readParts(): Promise<Part[]> {
  const files = Object.entries(config.exports).filter(([part]) => part !== ".");
  const { nodes }: { nodes: Record<string, { module_doc?: { doc?: string } }> } = JSON.parse(
    await denoDoc(["--json", ...files.map(([, file]) => file)]),
  );
  return files.map(([part, file]) => ({
    name: config.name + part.slice(1),
    summary: nodes[new URL(file, root).href]?.module_doc?.doc?.split("\n\n")[0]?.replaceAll("\n", " ") ?? "",
  }));
}

async function htmlIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".html")) names.push(name);
  return names.sort();
}

/** The new text of each page of the site, by path. */
async function finishedPages(folder: string): Promise<Map<string, string>> {
  const glossary = await Deno.readTextFile(new URL("chapters/glossary.md", root));
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
  const raw = await Deno.makeTempDir({ dir: folder }); // `deno doc` deletes what is in the folder that it writes
  try {
    await denoDoc(["--html", `--name=${config.name}`, `--output=${raw}`, config.exports["."]]);
    const pages = await finishedPages(raw);
    for (const [path, page] of pages) await Deno.writeTextFile(`${raw}/${path}`, page);
    await moveFiles(raw, folder);
    return pages.size;
  } finally {
    await Deno.remove(raw, { recursive: true });
  }
}

async function moveFiles(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await moveFiles(`${from}/${name}`, `${to}/${name}`);
    else await Deno.rename(`${from}/${name}`, `${to}/${name}`);
  }
}
