/**
 * The rules of a chapter's page: how it opens and ends, how much prose may stand without something to look at.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import type { Chapter } from "./chapters.ts";
import { CONTENTS } from "../pages/contents.ts";
import { headingOf } from "./navigation.ts";
import { lastLineOf, lineOf, nodesIn, type RootContent } from "../pages/markdown.ts";
import { blocksOf, type Part } from "./parse.ts";

/** A complaint about a line of the page. */
export interface Complaint {
  readonly line: number;
  readonly message: string;
}

/** Most characters of prose between two things to look at. */
export const MAX_CHARACTERS = 1800;
/** Most lines of prose between two things to look at. */
export const MAX_LINES = 25;
/** The first result begins within so many lines, imports not counted. */
export const FIRST_SCREEN = 45;
/** Most lines of a block, imports not counted. */
export const MAX_BLOCK_LINES = 30;
/** Most columns of code, so that a block and its comments fit a page beside other things. */
export const MAX_COLUMNS = 90;
/** The words with which the box begins that has the point of a chapter. */
export const CRUX = "The crux.";
/** The headings that a chapter ends with. */
export const LAST_SECTIONS: readonly string[] = Object.freeze(["What is known now", "What is doubtful", "Exercises"]);

const RULES: readonly ((chapter: Chapter) => Complaint[])[] = [
  title,
  question,
  crux,
  firstScreen,
  proseRuns,
  blockLengths,
  columns,
  lastSections,
  enoughFigures,
  playBlock,
  lintComments,
];

/**
 * Holds a chapter to the rules.
 *
 * @param chapter The chapter.
 * @returns What it breaks, by line.
 */
export function pageComplaints(chapter: Chapter): Complaint[] {
  return RULES.flatMap((rule) => rule(chapter)).sort((a, b) => a.line - b.line);
}

function title({ slug, page }: Chapter): Complaint[] {
  const planned = CONTENTS.filter((it) => it.slug === slug).map(headingOf).join();
  return page.title === planned
    ? []
    : [{ line: 1, message: `expected the title "${planned}" but found "${page.title}"` }];
}

function question({ page }: Chapter): Complaint[] {
  const opening = page.parts[0]?.kind === "prose"
    ? page.parts[0].nodes.find(({ type }) => type === "blockquote")
    : undefined;
  if (opening?.type === "blockquote" && toString(opening).includes("?")) return [];
  return [{ line: lineOf(opening), message: "expected a question, as a quotation, below the title" }];
}

function firstScreen({ page }: Chapter): Complaint[] {
  const shows = blocksOf(page).findIndex(({ output }) => output !== undefined);
  const above = blocksOf(page).slice(0, shows + 1);
  const imports = above.reduce((sum, { source }) => sum + source.split("\n").length - withoutImports(source).length, 0);
  const first = (above.at(-1)?.output?.first ?? Infinity) - imports;
  return first <= FIRST_SCREEN ? [] : [{ line: FIRST_SCREEN, message: "expected a block that shows a result by now" }];
}

/** One box: a quotation that begins with the words. */
function crux({ page }: Chapter): Complaint[] {
  const prose = page.parts.flatMap((part) => part.kind === "prose" ? part.nodes : []);
  const boxes = prose.filter((node) => node.type === "blockquote" && toString(node).startsWith(CRUX));
  if (boxes.length === 1) return [];
  const message = `expected one box "> **${CRUX}** …" but found ${boxes.length === 0 ? "none" : boxes.length}`;
  return [{ line: lineOf(boxes[1]), message }];
}

/** The lines of a block below its imports. */
function withoutImports(source: string): string[] {
  return source.replace(/^import\b[^]*?\bfrom "[^"]*";\n+/gm, "").split("\n");
}

/** Prose between headings, blocks, tables, listings and figures. */
function proseRuns({ page }: Chapter): Complaint[] {
  return joinedProse(page.parts).flatMap(runsOf).filter(isLong).map((run) => ({
    line: run.line,
    message:
      `expected at most ${MAX_CHARACTERS} characters in ${MAX_LINES} lines of prose without a block, a figure, ` +
      `a table or a heading but found ${run.characters} in ${run.lines}`,
  }));
}

interface Run {
  readonly line: number;
  readonly lines: number;
  readonly characters: number;
}

/** The nodes of prose between blocks. */
function joinedProse(parts: readonly Part[]): RootContent[][] {
  return parts.reduce<RootContent[][]>((runs, part) => {
    if (part.kind === "block") runs.push([]);
    else runs.at(-1)?.push(...part.nodes);
    return runs;
  }, [[]]);
}

function runsOf(nodes: readonly RootContent[]): Run[] {
  const runs: Run[] = [];
  let open: RootContent[] = [];
  for (const node of nodes) {
    if (isBreak(node)) {
      runs.push(runOf(open));
      open = [];
    } else open.push(node);
  }
  return [...runs, runOf(open)];
}

function isBreak(node: RootContent): boolean {
  return ["heading", "code", "table"].includes(node.type) || [...nodesIn(node)].some(({ type }) => type === "image");
}

function runOf(nodes: readonly RootContent[]): Run {
  const line = lineOf(nodes[0]);
  const characters = nodes.reduce((sum, node) => sum + toString(node).length, 0);
  return { line, characters, lines: nodes.length === 0 ? 0 : lastLineOf(nodes.at(-1)) - line + 1 };
}

function isLong({ lines, characters }: Run): boolean {
  return lines > MAX_LINES || characters > MAX_CHARACTERS;
}

function blockLengths({ page }: Chapter): Complaint[] {
  const lengths = blocksOf(page).map((block) => ({
    line: block.first,
    lines: withoutImports(block.source).length,
  }));
  return lengths.filter(({ lines }) => lines > MAX_BLOCK_LINES).map(({ line, lines }) => ({
    line,
    message: `expected a block of at most ${MAX_BLOCK_LINES} lines but found ${lines}`,
  }));
}

/** Code, layouts and commands; what a block shows is as wide as it is. */
function columns({ page }: Chapter): Complaint[] {
  const listings = page.parts.flatMap((part) => part.kind === "prose" ? part.nodes : [])
    .filter((node) => node.type === "code")
    .map((node) => ({ first: lineOf(node), source: node.value }));
  return [...blocksOf(page), ...listings].flatMap(({ first, source }) =>
    source.split("\n").flatMap((line, at) =>
      line.length <= MAX_COLUMNS ? [] : [{
        line: first + 1 + at,
        message: `expected at most ${MAX_COLUMNS} columns of code but found ${line.length}`,
      }]
    )
  );
}

function lastSections({ page }: Chapter): Complaint[] {
  const sections = page.parts.flatMap((part) => part.kind === "prose" ? part.nodes : [])
    .filter((node) => node.type === "heading" && node.depth === 2);
  const last = sections.slice(-LAST_SECTIONS.length);
  if (last.map((node) => toString(node)).join() === LAST_SECTIONS.join()) return [];
  return [{ line: lineOf(last[0]), message: `expected the last sections to be "${LAST_SECTIONS.join('", "')}"` }];
}

function enoughFigures({ page }: Chapter): Complaint[] {
  const lines = page.text.split("\n");
  const figures = blocksOf(page).filter(({ output }) =>
    output !== undefined && lines.slice(output.first, output.last).some((line) => line.startsWith("!["))
  );
  return figures.length > 0 ? [] : [{ line: 1, message: "expected a figure but found none" }];
}

function playBlock({ page }: Chapter): Complaint[] {
  if (blocksOf(page).some(({ play }) => play)) return [];
  return [{ line: 1, message: 'expected a block "ts play" for the reader to change but found none' }];
}

function lintComments({ page }: Chapter): Complaint[] {
  return blocksOf(page).filter(({ source }) => /deno-lint-ignore|@ts-(?:ignore|expect-error|nocheck)/.test(source))
    .map(({ first }) => ({ line: first, message: "expected no comment that silences a checker" }));
}
