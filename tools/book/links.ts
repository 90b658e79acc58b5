/**
 * The links of the book: every target exists, every anchor, every number of a chapter.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { ROOT } from "../command/root.ts";
import { exists } from "./chapters.ts";
import { CONTENTS, numberOf } from "../pages/contents.ts";
import { lineOf, type Nodes, nodesIn, parseMarkdown, type Root } from "../pages/markdown.ts";
import type { Problem } from "./problems.ts";

/** A page of the book, from `chapters/` on. */
interface Page {
  readonly path: string;
  readonly tree: Root;
}

/**
 * Checks the links of pages.
 *
 * @param paths The pages, relative to the project.
 * @param root The folder of the project, ending in a slash.
 * @returns Links that lead nowhere, chapters that are mentioned without a link, and links to another chapter than they say.
 */
export async function linkProblems(paths: readonly string[], root: URL = ROOT): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const path of paths) {
    const tree = parseMarkdown(await Deno.readTextFile(new URL(path, root)));
    problems.push(...await pageProblems({ path, tree }, root));
  }
  return problems;
}

async function pageProblems({ path, tree }: Page, root: URL): Promise<Problem[]> {
  const problems: Problem[] = [];
  const complain = (node: Nodes, message: string | undefined) => {
    if (message !== undefined) problems.push({ page: path, line: lineOf(node), message });
  };
  for (const node of nodesIn(tree)) {
    if (node.type === "link" || node.type === "image" || node.type === "definition") {
      complain(node, await targetProblem(node.url, path, root));
    }
    if (node.type === "link") complain(node, chapterProblem(node.url, toString(node)));
  }
  for (const { node, words } of unlinked(tree)) complain(node, `expected a link on "${words}"`);
  return problems;
}

async function targetProblem(url: string, page: string, root: URL): Promise<string | undefined> {
  if (/^https?:/.test(url)) return undefined;
  const [file = "", anchor = ""] = url.split("#");
  const target = file === "" ? new URL(page, root) : new URL(file, new URL(page, root));
  if (!await exists(target)) return isPlanned(target, root) ? undefined : `the link to ${url} leads nowhere`;
  if (anchor === "" || !target.pathname.endsWith(".md")) return undefined;
  const anchors = anchorsIn(await Deno.readTextFile(target));
  return anchors.has(anchor) ? undefined : `${file === "" ? "this page" : file} has no heading for #${anchor}`;
}

/** Anchors by text of the page: many links lead to the same few pages. */
const knownAnchors = new Map<string, ReadonlySet<string>>();

function anchorsIn(text: string): ReadonlySet<string> {
  const anchors = knownAnchors.get(text) ?? anchorsOf(parseMarkdown(text));
  knownAnchors.set(text, anchors);
  return anchors;
}

/** A chapter that is planned but not written may be linked to already. */
function isPlanned(target: URL, root: URL): boolean {
  return CONTENTS.some(({ slug }) => target.href === new URL(`chapters/${slug}/README.md`, root).href);
}

/** A link that says "chapter 3" leads to chapter 3. */
function chapterProblem(url: string, words: string): string | undefined {
  const [, said] = /^chapter (\d+)/i.exec(words) ?? [];
  const [, slug] = /(?:^|\/)(\d\d_[a-z0-9_]+)\//.exec(url) ?? [];
  if (said === undefined || (slug !== undefined && numberOf(slug) === Number(said))) return undefined;
  return `the link says chapter ${said} but leads to ${url}`;
}

/** Mentions of a chapter by number outside links. */
function* unlinked(node: Nodes): Generator<{ readonly node: Nodes; readonly words: string }> {
  if (node.type === "link") return;
  if (node.type === "text") {
    for (const [words] of node.value.matchAll(/\bchapters? \d+/gi)) yield { node, words };
  }
  if ("children" in node) { for (const child of node.children) yield* unlinked(child); }
}

/**
 * The anchors of a page as GitHub makes them of its headings.
 *
 * @param tree The page.
 * @returns The anchors, without `#`.
 */
export function anchorsOf(tree: Root): Set<string> {
  const anchors = new Set<string>();
  for (const node of nodesIn(tree)) {
    if (node.type !== "heading") continue;
    const slug = toString(node).toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-");
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
