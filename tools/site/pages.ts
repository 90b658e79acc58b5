/**
 * All pages of the site, as data.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { type Chapter, readChapters } from "../book/chapters.ts";
import { anchorsOf } from "../book/links.ts";
import { ROOT } from "../command/root.ts";
import { listExercises } from "../exercises/exercise.ts";
import { parseMarkdown, type RootContent } from "../pages/markdown.ts";
import { apiPages } from "./api_pages.ts";
import { bookPage } from "./book_page.ts";
import { chapterPage } from "./chapter_page.ts";
import { onPage } from "./drawings.ts";
import { exerciseAddress, exercisePages, exercisePath } from "./exercise_pages.ts";
import { homePage } from "./home_page.ts";
import { chapterFile, type Page } from "./layout.ts";
import { headingSlugs, htmlOf, sectionsOf, type Surroundings } from "./markdown.ts";
import { livePage } from "./moving_figure.ts";
import { ownPage } from "./own_page.ts";

/** Markdown files that are pages, and the page of each. */
const TEXTS: readonly { readonly path: string; readonly file: string }[] = [
  { path: "chapters/README.md", file: "index.html" },
  { path: "chapters/conventions.md", file: "conventions.html" },
  { path: "chapters/glossary.md", file: "glossary.html" },
  { path: "chapters/bibliography.md", file: "bibliography.html" },
  { path: "chapters/errata.md", file: "errata.html" },
  { path: "chapters/claims.md", file: "claims.html" },
];

/** Pages that stand before the chapters in the printed book, and behind them. */
const BEFORE: readonly string[] = ["conventions.html"];
const AFTER: readonly string[] = ["claims.html", "glossary.html", "bibliography.html", "errata.html"];

/** All pages of the site, with a link to the printed book if there is a PDF of it. */
export async function pagesOfSite({ pdf = false }: { readonly pdf?: boolean } = {}): Promise<Page[]> {
  const chapters = await readChapters();
  const exercises = await listExercises();
  const texts = await Promise.all(TEXTS.map(async (it) => ({ ...it, text: await readText(it.path) })));
  const pages = new Map([
    ...TEXTS.map(({ path, file }) => [path, file] as const),
    ...chapters.map(({ slug }) => [`chapters/${slug}/README.md`, chapterFile(slug)] as const),
    ...exercises.map((it) => [exercisePath(it), exerciseAddress(it)] as const),
  ]);
  const notesOf = (file: string) => {
    const text = texts.find((it) => it.file === file)?.text ?? "";
    return [...meanings(text)].map(([anchor, words]) => [`${file}#${anchor}`, words] as const);
  };
  const notes = new Map(["glossary.html", "bibliography.html"].flatMap(notesOf));
  const drawings = new Map((await Promise.all(chapters.map(drawingsOf))).flat());
  const around = (path: string): Surroundings => ({ path, pages, drawings, notes });
  const plain = texts.map(({ path, file, text }) =>
    file === "index.html" ? homePage(text, around(path)) : textPage(text, file, around(path))
  );
  const told = chapters.map((chapter) => ({
    page: chapterPage(chapter, around(`chapters/${chapter.slug}/README.md`)),
    slug: chapter.slug,
  }));
  const beside = (files: readonly string[]) =>
    files.flatMap((name) => plain.filter(({ file }) => file === name).map((page) => ({ page, slug: undefined })));
  return [
    ...plain,
    ...told.map(({ page }) => page),
    ...await exercisePages(exercises, around),
    livePage(),
    ownPage(),
    ...await apiPages(around("mod.ts")),
    bookPage([...beside(BEFORE), ...told, ...beside(AFTER)], pdf),
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

/** The first paragraph below each heading of a text, by anchor. */
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
