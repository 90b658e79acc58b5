/**
 * Builds the site: the same chapters, a page each, and the programs that make them run.
 *
 * @module
 */

import MiniSearch from "minisearch";
import { toString } from "mdast-util-to-string";
import { type Chapter, readChapters } from "../book/chapters.ts";
import { anchorsOf } from "../book/links.ts";
import { Misuse } from "../command/arguments.ts";
import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { withScratch } from "../command/scratch.ts";
import { copyFiles, makeFolder, writeWhole } from "../command/whole_file.ts";
import { listExercises } from "../exercises/exercise.ts";
import { parseMarkdown, type RootContent } from "../pages/markdown.ts";
import { apiPages } from "./api_pages.ts";
import { chapterPage } from "./chapter_page.ts";
import { INDEX_OPTIONS, type Section } from "./client/search.ts";
import { packIndex } from "./client/search_pack.ts";
import { exerciseAddress, exercisePages } from "./exercise_pages.ts";
import { onPage } from "./drawings.ts";
import { ownPage } from "./own_page.ts";
import { chapterFile, type Page, pageHtml } from "./layout.ts";
import { headingSlugs, htmlOf, sectionsOf, type Surroundings } from "./markdown.ts";
import { livePage } from "./moving_figure.ts";
import { serviceWorker } from "./service_worker.ts";
import { siteCss } from "./style.ts";

/** Markdown files that are pages, and the page of each. */
const TEXTS: readonly { readonly path: string; readonly file: string }[] = [
  { path: "chapters/README.md", file: "index.html" },
  { path: "chapters/conventions.md", file: "conventions.html" },
  { path: "chapters/glossary.md", file: "glossary.html" },
  { path: "chapters/bibliography.md", file: "bibliography.html" },
  { path: "chapters/errata.md", file: "errata.html" },
  { path: "chapters/claims.md", file: "claims.html" },
];

/** Programs of the site: each is one file without imports. */
const PROGRAMS = ["page", "runner", "editor", "search", "purify", "exercises", "moving", "own", "own_runner"] as const;

/** Folders of recordings that chapters read. */
const RECORDINGS = ["kernels", "mmu", "xen", "xen/settle", "boots"] as const;

/**
 * Builds the site.
 *
 * @param folder Where it goes; made if it is not there. Files of the same names are replaced.
 * @returns How many pages there are.
 * @throws {Misuse} If it cannot be written, or the programs cannot be bundled: that needs npm the first time.
 */
export async function buildSite(folder: string): Promise<number> {
  await makeFolder(folder);
  return await withScratch(async (raw) => {
    await Deno.mkdir(`${raw}/assets`);
    const pages = await pagesOfSite();
    for (const page of pages) await writeWhole(`${raw}/${page.file}`, pageHtml(page));
    await writeWhole(`${raw}/assets/site.css`, siteCss());
    await writeWhole(`${raw}/assets/search.txt`, searchIndex(pages));
    for (const room of RECORDINGS) await copyRecordings(room, `${raw}/recordings/${room}`);
    for (const name of PROGRAMS) await bundle(name, `${raw}/assets/${name}.js`);
    await writeWhole(`${raw}/sw.js`, await serviceWorker(raw));
    await copyFiles(raw, folder);
    return pages.length;
  }, folder);
}

/** Copies what the chapters read: not the listings of QEMU, which only tests compare with. */
async function copyRecordings(room: string, to: string): Promise<void> {
  const from = new URL(`tests/fixtures/${room}/`, ROOT);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isFile } of Deno.readDir(from)) {
    if (isFile && !/\.tlb\.gz$|\.md$/.test(name)) await Deno.copyFile(new URL(name, from), `${to}/${name}`);
  }
}

async function bundle(name: string, out: string): Promise<void> {
  const entry = new URL(`client/${name}.ts`, import.meta.url).pathname;
  const { code, err } = await runDeno(["bundle", "--quiet", "--platform", "browser", "--minify", entry, "-o", out]);
  if (code !== 0) throw new Misuse(`cannot bundle ${name}.ts: ${err.trim().split("\n").at(-1)}`);
}

/** All pages of the site. */
export async function pagesOfSite(): Promise<Page[]> {
  const chapters = await readChapters();
  const exercises = await listExercises();
  const texts = await Promise.all(TEXTS.map(async (it) => ({ ...it, text: await readText(it.path) })));
  const pages = new Map([
    ...TEXTS.map(({ path, file }) => [path, file] as const),
    ...chapters.map(({ slug }) => [`chapters/${slug}/README.md`, chapterFile(slug)] as const),
    ...exercises.map((it) =>
      [`chapters/${it.chapter}/exercises/${it.id.split("/")[1]}/exercise.ts`, exerciseAddress(it)] as const
    ),
  ]);
  const glossary = meanings(texts.find(({ path }) => path.endsWith("glossary.md"))?.text ?? "");
  const drawings = new Map((await Promise.all(chapters.map(drawingsOf))).flat());
  const around = (path: string): Surroundings => ({ path, pages, drawings, glossary });
  return [
    ...texts.map(({ path, file, text }) => textPage(text, file, around(path))),
    ...chapters.map((chapter) => chapterPage(chapter, around(`chapters/${chapter.slug}/README.md`))),
    ...await exercisePages(exercises, around),
    livePage(),
    ownPage(),
    ...await apiPages(around("mod.ts")),
  ];
}

async function readText(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, ROOT));
}

function textPage(text: string, file: string, around: Surroundings): Page {
  const slugs = headingSlugs(text)[Symbol.iterator]();
  const title = /^# (.*)$/m.exec(text)?.[1] ?? "";
  const sections = file === "glossary.html" ? [] : sectionsOf(text);
  return { file, title, body: htmlOf(text, around, slugs), sections };
}

/** The first paragraph below each heading of the glossary, by anchor. */
function meanings(text: string): ReadonlyMap<string, string> {
  const tree = parseMarkdown(text);
  const anchors = [...anchorsOf(tree)];
  const found = new Map<string, string>();
  let heading = -1;
  for (const node of tree.children as RootContent[]) {
    if (node.type === "heading") heading++;
    const anchor = anchors[heading] ?? "";
    if (node.type === "paragraph" && !found.has(anchor)) found.set(anchor, toString(node));
  }
  return found;
}

async function drawingsOf({ slug, folder }: Chapter): Promise<[path: string, svg: string][]> {
  const drawings: [string, string][] = [];
  for await (const { name } of Deno.readDir(new URL("figures/", folder))) {
    if (!name.endsWith(".svg")) continue;
    const text = await Deno.readTextFile(new URL(`figures/${name}`, folder));
    drawings.push([`chapters/${slug}/figures/${name}`, onPage(text)]);
  }
  return drawings;
}

/**
 * The index over the sections of all pages.
 *
 * @param pages The pages.
 * @returns Text for the search in the page.
 */
export function searchIndex(pages: readonly Page[]): string {
  const index = new MiniSearch<Section>(INDEX_OPTIONS);
  for (const page of pages) index.addAll(sectionTexts(page));
  return packIndex(JSON.stringify(index));
}

function sectionTexts({ file, title, body }: Page): Section[] {
  const parts = body.split(/(?=<h[123] id=")/);
  return parts.flatMap((part, at) => {
    const [, slug, heading] = /^<h[123] id="([^"]*)">(.*?)<\/h[123]>/.exec(part) ?? [];
    const text = plainText(part.replace(/<(svg|table|pre|details|form|dl)\b[^]*?<\/\1>/g, " "));
    if (text.trim() === "" || (slug === undefined && at > 0)) return [];
    const id = slug === undefined ? file : `${file}#${slug}`;
    return [{ id, title: plainText(heading ?? title).replace(/#$/, ""), page: title, text }];
  });
}

function plainText(html: string): string {
  return html.replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();
}
