/**
 * Builds the reference: `deno doc --html`, then what `page.ts` changes.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { Misuse } from "../command/arguments.ts";
import { firstError, runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { withScratch } from "../command/scratch.ts";
import { copyFiles } from "../command/whole_file.ts";
import { type Category, finishPage, glossaryPage, type Part, type Site, withParts } from "./page.ts";
import { termsOf } from "./terms.ts";

/** Headings of the front door, in order. The tag `@category` of a symbol names its own. */
const CATEGORIES: readonly string[] = ["Verbs", "Facts", "Machine", "Types"];

async function denoDoc(args: readonly string[]): Promise<string> {
  const { code, out, err } = await runDeno(["doc", ...args], { env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Misuse(`deno doc failed: ${firstError(err)}`);
  return out;
}

/** The part of `deno doc --json` about a module that the front page shows. */
interface Documented {
  readonly module_doc?: { readonly doc?: string };
  readonly symbols: readonly {
    readonly name: string;
    readonly declarations: readonly {
      readonly jsDoc?: { readonly tags?: readonly { readonly kind: string; readonly doc?: string }[] };
    }[];
  }[];
}

async function readDocs(...files: string[]): Promise<Record<string, Documented>> {
  const { nodes }: { nodes: Record<string, Documented> } = JSON.parse(await denoDoc(["--json", ...files]));
  return nodes;
}

/** The parts of the library with the first paragraph of what they say of themselves, and the names of the front door by category. */
async function readExports(): Promise<{ readonly parts: Part[]; readonly categories: Category[] }> {
  const { ".": whole, ...others } = config.exports;
  // apart: in one run what the whole takes from a part is only a reference
  const nodes = { ...await readDocs(whole), ...await readDocs(...Object.values(others)) };
  const documented = (file: string) => nodes[new URL(file, ROOT).href];
  const parts = Object.entries(others).map(([part, file]) => ({
    name: config.name + part.slice(1),
    page: `${part.slice(2)}/index.html`,
    summary: documented(file)?.module_doc?.doc?.split("\n\n")[0]?.replaceAll("\n", " ") ?? "",
  }));
  const grouped = Map.groupBy(
    documented(whole)?.symbols ?? [],
    ({ declarations }) =>
      declarations.flatMap(({ jsDoc }) => jsDoc?.tags ?? []).find(({ kind }) => kind === "category")?.doc?.trim() ??
        "Types",
  );
  const categories = CATEGORIES.map((title) => ({
    title,
    names: (grouped.get(title) ?? []).map(({ name }) => name).sort(),
  }));
  return { parts, categories };
}

async function htmlBelow(folder: string, path = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${path}`)) {
    if (isDirectory) found.push(...await htmlBelow(folder, `${path}${name}/`));
    else if (name.endsWith(".html")) found.push(path + name);
  }
  return found.sort();
}

/** The page of each symbol that has one: the root's pages first, so that those of the parts win. */
function symbolPages(paths: readonly string[]): Map<string, string> {
  const inOrder = [...paths].sort((a, b) => Number(b.startsWith("~/")) - Number(a.startsWith("~/")));
  return new Map(inOrder.flatMap((path) => {
    const name = /(?:^|\/)~\/(\w+)\.html$/.exec(path)?.[1];
    return name === undefined ? [] : [[name, path] as const];
  }));
}

/** The new text of each page of the site, by path. */
async function finishedPages(folder: string): Promise<Map<string, string>> {
  const glossary = await Deno.readTextFile(new URL("chapters/glossary.md", ROOT));
  const paths = await htmlBelow(folder);
  const terms = termsOf(glossary);
  const site: Site = { name: config.name, terms, pages: new Set(paths), symbols: symbolPages(paths) };
  const pages = new Map<string, string>();
  for (const path of paths) pages.set(path, finishPage(await Deno.readTextFile(`${folder}/${path}`), path, site));
  const front = pages.get("index.html") ?? "";
  const { parts, categories } = await readExports();
  return pages
    .set("index.html", withParts(front, categories, parts))
    .set("glossary.html", glossaryPage(glossary, front, site));
}

/**
 * Builds the reference.
 *
 * @param folder Where it goes. Pages that are there already are written anew; nothing else there is touched.
 * @returns How many pages there are.
 */
export async function buildDocs(folder: string): Promise<number> {
  return await withScratch(async (raw) => {
    await denoDoc(["--html", `--name=${config.name}`, `--output=${raw}`, ...Object.values(config.exports)]);
    const pages = await finishedPages(raw);
    for (const [path, page] of pages) await Deno.writeTextFile(`${raw}/${path}`, page);
    await copyFiles(raw, folder);
    return pages.size;
  });
}
