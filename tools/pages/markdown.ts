/**
 * Markdown as a tree and back, with tables as GitHub has them.
 *
 * @module
 */

import type { Nodes, Root, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown, gfmTableToMarkdown } from "mdast-util-gfm-table";
import { toMarkdown } from "mdast-util-to-markdown";
import { gfmTable } from "micromark-extension-gfm-table";

export type { Nodes, Root, RootContent };

/** Trees by their texts: a page is read for its blocks, its links and its headings, and parsed once. */
const TREES = new Map<string, Root>();

/** Parses Markdown. Every node has its position in the text. Whoever asks again gets the same tree: nobody may change it. */
export function parseMarkdown(text: string): Root {
  const tree = TREES.get(text) ??
    fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
  TREES.set(text, tree);
  return tree;
}

/** Writes nodes as Markdown, ending in a line feed. */
export function writeMarkdown(children: readonly RootContent[]): string {
  const root: Root = { type: "root", children: [...children] };
  return toMarkdown(root, { extensions: [gfmTableToMarkdown()], emphasis: "_", bullet: "-", fences: true });
}

/** First line of a node, counted from 1. */
export function lineOf(node: Nodes | undefined): number {
  return node?.position?.start.line ?? 1;
}

/** Last line of a node. */
export function lastLineOf(node: Nodes | undefined): number {
  return node?.position?.end.line ?? lineOf(node);
}

/** A node and everything below it, in the order of the text. */
export function* nodesIn(node: Nodes): Generator<Nodes> {
  yield node;
  if ("children" in node) { for (const child of node.children) yield* nodesIn(child); }
}

/**
 * Markdown reduced to what it says: two texts that differ in layout alone, as before and after a formatter, give the same.
 *
 * @param text Markdown.
 * @returns A text to compare, not to read.
 */
export function meaningOf(text: string): string {
  return JSON.stringify(parseMarkdown(text).children, (key, value) => {
    if (key === "position" || key === "align") return undefined;
    return typeof value === "string" ? value.replace(/\s+/g, " ").trim() : value;
  });
}
