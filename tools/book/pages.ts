/**
 * The pages that are not chapters, and what they must fulfil.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { ROOT } from "../command/root.ts";
import type { Chapter } from "./chapters.ts";
import { contentsProblems } from "./contents_page.ts";
import { indexProblems } from "./glossary_index.ts";
import { linkProblems } from "./links.ts";
import { parseMarkdown } from "../pages/markdown.ts";
import type { Complaint } from "./page_rules.ts";
import type { Problem } from "./problems.ts";
import { bibliographyComplaints, glossaryComplaints } from "./reference_rules.ts";

const GLOSSARY = "chapters/glossary.md";
const BIBLIOGRAPHY = "chapters/bibliography.md";

/** The pages beside the chapters. */
export const REFERENCE_PAGES: readonly string[] = Object.freeze([
  "chapters/README.md",
  "chapters/conventions.md",
  GLOSSARY,
  BIBLIOGRAPHY,
  "chapters/errata.md",
  "chapters/claims.md",
]);

/**
 * Checks contents, glossary and bibliography, and the links in them.
 *
 * @param chapters The chapters that are written.
 * @returns What is wrong.
 */
export async function referenceProblems(chapters: readonly Chapter[]): Promise<Problem[]> {
  const parts = await Promise.all(Object.values(config.exports).map((file) => import(new URL(file, ROOT).href)));
  const exported = new Set(parts.flatMap((part) => Object.keys(part)));
  return [
    ...await contentsProblems(chapters),
    ...await indexProblems(chapters),
    ...onPage(GLOSSARY, glossaryComplaints(await treeOf(GLOSSARY), exported)),
    ...onPage(BIBLIOGRAPHY, bibliographyComplaints(await treeOf(BIBLIOGRAPHY))),
    ...await linkProblems(REFERENCE_PAGES),
  ];
}

async function treeOf(page: string) {
  return parseMarkdown(await Deno.readTextFile(new URL(page, ROOT)));
}

function onPage(page: string, complaints: readonly Complaint[]): Problem[] {
  return complaints.map((complaint) => ({ page, ...complaint }));
}
