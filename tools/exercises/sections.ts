/**
 * Hints and misconceptions: Markdown cut at its second-level headings.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { lineOf, parseMarkdown, type RootContent } from "../pages/markdown.ts";

/** A section of a page. */
export interface Section {
  /** Its heading. */
  readonly heading: string;
  /** Its text, without the heading. */
  readonly text: string;
  /** The first listing in it, or nothing. */
  readonly code: string;
}

/**
 * Cuts a page into sections.
 *
 * @param markdown The page.
 * @returns Its second-level sections, in order.
 */
export function sectionsOf(markdown: string): Section[] {
  const { children } = parseMarkdown(markdown);
  const lines = markdown.split("\n");
  const heads = children.flatMap((node, at) => node.type === "heading" && node.depth === 2 ? [{ node, at }] : []);
  return heads.map(({ node, at }, which) => {
    const next = heads[which + 1];
    const text = lines.slice(lineOf(node), next === undefined ? undefined : lineOf(next.node) - 1).join("\n").trim();
    return { heading: toString(node), text, code: codeIn(children.slice(at, next?.at)) };
  });
}

function codeIn(nodes: readonly RootContent[]): string {
  const code = nodes.find((node) => node.type === "code");
  return code?.type === "code" ? code.value : "";
}
