/**
 * The rules of the pages behind the chapters: glossary, bibliography.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { lineOf, nodesIn, type Root } from "../pages/markdown.ts";
import type { Complaint } from "./page_rules.ts";

/**
 * Holds the glossary to its rules: every third-level heading is a term, terms are in order, each has a text, and what a line
 * "In the library:" names is exported.
 *
 * @param tree The glossary.
 * @param exported Names that the library exports.
 * @returns What it breaks.
 */
export function glossaryComplaints(tree: Root, exported: ReadonlySet<string>): Complaint[] {
  return [...orderComplaints(tree), ...textComplaints(tree), ...symbolComplaints(tree, exported)];
}

/**
 * Holds the bibliography to its rule: every entry has a text.
 *
 * @param tree The bibliography.
 * @returns What it breaks.
 */
export function bibliographyComplaints(tree: Root): Complaint[] {
  return textComplaints(tree);
}

function termsOf(tree: Root): { readonly term: string; readonly line: number }[] {
  return tree.children.filter((node) => node.type === "heading" && node.depth === 3)
    .map((node) => ({ term: toString(node), line: lineOf(node) }));
}

function orderComplaints(tree: Root): Complaint[] {
  const terms = termsOf(tree);
  const compare = new Intl.Collator("en", { sensitivity: "base", numeric: true }).compare;
  return terms.filter(({ term }, at) => at > 0 && compare(terms[at - 1]?.term ?? "", term) >= 0)
    .map(({ term, line }) => ({ line, message: `the term "${term}" is not in alphabetical order` }));
}

function textComplaints({ children }: Root): Complaint[] {
  return children.filter((node, at) =>
    node.type === "heading" && node.depth === 3 && !["paragraph", "list"].includes(children[at + 1]?.type ?? "")
  ).map((node) => ({ line: lineOf(node), message: `"${toString(node)}" has no text` }));
}

function symbolComplaints(tree: Root, exported: ReadonlySet<string>): Complaint[] {
  const paragraphs = tree.children.filter((node) =>
    node.type === "paragraph" && toString(node).startsWith("In the library:")
  );
  const codes = paragraphs.flatMap((node) => [...nodesIn(node)].filter(({ type }) => type === "inlineCode"));
  return codes.filter((node) => !exported.has(toString(node)))
    .map((node) => ({ line: lineOf(node), message: `the library exports no ${toString(node)}` }));
}
