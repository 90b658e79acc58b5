/**
 * The index of the book: below each word of the glossary, the chapters that use it, from their links.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { ROOT } from "../command/root.ts";
import { numberOf } from "../pages/contents.ts";
import { meaningOf, nodesIn, parseMarkdown } from "../pages/markdown.ts";
import type { Chapter } from "./chapters.ts";
import { anchorsOf } from "./links.ts";
import type { Problem } from "./problems.ts";
import { writePage } from "./write.ts";

const PAGE = "chapters/glossary.md";
const LINE = /^In the book: .*\n+/gm;

/** The parts of a chapter that the index needs. */
export interface Linking {
  /** Its folder. */
  readonly slug: string;
  /** Its README. */
  readonly text: string;
}

/** Chapters by the anchor of the word that they link to. */
function usesOf(chapters: readonly Linking[]): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const { slug, text } of chapters) {
    const anchors = [...text.matchAll(/\.\.\/glossary\.md#([\w-]+)/g)].map(([, anchor = ""]) => anchor);
    for (const anchor of new Set(anchors)) uses.set(anchor, [...uses.get(anchor) ?? [], slug]);
  }
  return uses;
}

/**
 * The glossary with a line of chapters at the end of each entry that a chapter links to.
 *
 * @param glossary The glossary.
 * @param chapters The chapters, in order.
 * @returns Markdown.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { withIndex } from "./glossary_index.ts";
 *
 * const chapters = [{ slug: "03_tlb", text: "a [flush](../glossary.md#tlb)" }];
 * assertStringIncludes(withIndex("### TLB\n\nA memory.\n", chapters), "In the book: [chapter 3](03_tlb/README.md).");
 * ```
 */
export function withIndex(glossary: string, chapters: readonly Linking[]): string {
  const plain = glossary.replace(LINE, "");
  const tree = parseMarkdown(plain);
  const anchors = [...anchorsOf(tree)];
  const headings = [...nodesIn(tree)].filter((node) => node.type === "heading").map((node) => toString(node));
  const uses = usesOf(chapters);
  return plain.split(/^(?=### )/m).map((entry) => {
    const [, term] = /^### (.*)\n/.exec(entry) ?? [];
    const slugs = term === undefined ? undefined : uses.get(anchors[headings.indexOf(term)] ?? "");
    return slugs === undefined ? entry : `${entry.trimEnd()}\n\n${lineOf(slugs)}\n\n`;
  }).join("");
}

function lineOf(slugs: readonly string[]): string {
  const links = slugs.map((slug, at) => `[${at === 0 ? "chapter " : ""}${numberOf(slug)}](${slug}/README.md)`);
  return `In the book: ${links.join(", ")}.`;
}

function linking({ slug, page: { text } }: Chapter): Linking {
  return { slug, text };
}

/** Compares the index with the chapters. */
export async function indexProblems(chapters: readonly Chapter[]): Promise<Problem[]> {
  const is = await Deno.readTextFile(new URL(PAGE, ROOT));
  if (meaningOf(is) === meaningOf(withIndex(is, chapters.map(linking)))) return [];
  return [{ page: PAGE, line: 1, message: "the chapters below the words are stale: deno task book --write" }];
}

/** Writes the index, if it is stale. */
export async function writeIndex(chapters: readonly Chapter[]): Promise<void> {
  const is = await Deno.readTextFile(new URL(PAGE, ROOT));
  const should = withIndex(is, chapters.map(linking));
  if (meaningOf(is) !== meaningOf(should)) await writePage(new URL(PAGE, ROOT), should);
}
