/**
 * The numbers in a chapter's prose: each must be computed or checked by the program.
 *
 * @module
 */

import type { Chapter } from "./chapters.ts";
import { lineOf, type Nodes, type RootContent } from "../pages/markdown.ts";
import type { Complaint } from "./page_rules.ts";
import { blocksOf, type Part } from "./parse.ts";

/** Numbers below this are words ("two tables") or need no check ("level 3"). */
const SMALLEST = 10;

/** Numbers that say when, which version, which section, which frame of reference: no result of a program. */
const EXEMPT: readonly RegExp[] = [
  /\b\d{1,2}(?:–\d{1,2})? (?:January|February|March|April|May|June|July|August|September|October|November|December)\b/g,
  /\b(?:19|20)\d\d(?:s|–\d\d(?:\d\d)?)?\b/g, // years
  /\b\d+(?:\.\d+)+(?:-rc\d+)?\b/g, // versions and sections: 2.6.22, 4.10.4
  /\b(?:section|chapter|trap|Table|Figure) [\dT][\d.-]*/g,
  /\b\d+-bit\b/g,
  /\bbits? \d+(?:(?: to | and |\.\.|–)\d+)?/g,
  /\b[34]86\b/g, // CPUs
  /\b[0-9a-f]*[a-f][0-9a-f]*\b/g, // commit ids
];

const NUMBER = /\b0x[0-9a-f_]+\b|(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])/gi;

/**
 * Finds the numbers in the prose that no block computes, checks or shows.
 *
 * @param chapter The chapter.
 * @returns A complaint for each.
 */
export function unprovenNumbers({ page }: Chapter): Complaint[] {
  const lines = page.text.split("\n");
  const blocks = blocksOf(page);
  const proof = blocks.map(({ source, output }) =>
    [source, ...(output === undefined ? [] : lines.slice(output.first, output.last))].join("\n")
  );
  const proven = new Set(proof.flatMap((text) => [...valuesIn(text.replace(/(?<=\w)_(?=\w)/g, ""))]));
  return claims(page.parts).flatMap((node) => [...wordsIn(node)]).flatMap(({ line, text }) =>
    numbersIn(text).filter((number) => !proven.has(valueOf(number))).map((number) => ({
      line,
      message: `expected a block that computes or checks ${number} but found none`,
    }))
  );
}

/** The prose of the page. What stands last above a block to play with suggests what to try. */
function claims(parts: readonly Part[]): RootContent[] {
  return parts.flatMap((part, at) => {
    if (part.kind !== "prose") return [];
    const next = parts[at + 1];
    return next?.kind === "block" && next.play ? part.nodes.slice(0, -1) : part.nodes;
  });
}

/** The texts of a node, without those of links (titles of sources) and listings. */
function* wordsIn(node: Nodes): Generator<{ readonly line: number; readonly text: string }> {
  if (node.type === "link" || node.type === "code" || node.type === "html") return;
  if (node.type === "text" || node.type === "inlineCode") yield { line: lineOf(node), text: node.value };
  if ("children" in node) { for (const child of node.children) yield* wordsIn(child); }
}

function numbersIn(text: string): string[] {
  const bare = EXEMPT.reduce((left, pattern) => left.replace(pattern, " "), text);
  return (bare.match(NUMBER) ?? []).map((it) => it.replace(/[,.]$/, "")).filter((it) => valueOf(it) >= SMALLEST);
}

function valueOf(number: string): number {
  return Number(number.replace(/[,_]/g, ""));
}

/** All numbers in code and output, also those within names such as `i486`. */
function valuesIn(text: string): number[] {
  const plain = text.match(/0x[0-9a-f]+|\d[\d,]*\d|\d/gi) ?? [];
  return plain.map(valueOf);
}
