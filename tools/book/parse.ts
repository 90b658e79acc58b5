/**
 * A chapter's text as a sequence of prose and blocks.
 *
 * Fences that a chapter may have:
 *
 * | fence     | meaning                                                                              |
 * | --------- | ------------------------------------------------------------------------------------ |
 * | `ts`      | part of the chapter's program                                                        |
 * | `ts play` | the same, but for the reader to change; what it shows is in the notebook alone        |
 * | `ts guess`| the same, but what it shows is folded on the page: the reader is to guess first       |
 * | `text`    | anything that is not code of the program, such as a listing or pseudo-code           |
 * | `sh`      | a command                                                                            |
 *
 * The output of a block stands below it between two comments, `<!-- output -->` and `<!-- end of output -->`. It is written by
 * `deno task book --write`, never by hand.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { lastLineOf, lineOf, parseMarkdown, type RootContent } from "../pages/markdown.ts";

/** The comments around what a block shows. */
export const OUTPUT_BEGINS = "<!-- output -->";
/** The comment below what a block shows. */
export const OUTPUT_ENDS = "<!-- end of output -->";

const FENCES: ReadonlySet<string> = new Set(["ts", "ts play", "ts guess", "text", "sh"]);

/** Lines `first` to `last` of the text, counted from 1. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** Prose: everything that is neither a block of the program nor what one shows. */
export interface Prose extends Lines {
  readonly kind: "prose";
  /** The nodes in it. */
  readonly nodes: readonly RootContent[];
}

/** A block of the program. Its first line is the fence. */
export interface Block extends Lines {
  readonly kind: "block";
  /** The code, without the fences. */
  readonly source: string;
  /** Whether it is there for the reader to change. */
  readonly play: boolean;
  /** Whether the reader is to guess what it shows, which is folded therefore. */
  readonly guess: boolean;
  /** Its output on the page, if there is one. */
  readonly output: Lines | undefined;
}

/** A part of a chapter. */
export type Part = Prose | Block;

/** A chapter's text, parsed. */
export interface ChapterText {
  /** The text. */
  readonly text: string;
  /** The first heading, or nothing. */
  readonly title: string;
  /** The parts, in order; prose and blocks together cover the text. */
  readonly parts: readonly Part[];
}

/** The blocks of a text, in order. */
export function blocksOf({ parts }: Pick<ChapterText, "parts">): Block[] {
  return parts.filter((part) => part.kind === "block");
}

/** A mistake in a chapter, with its line. */
export class PageError extends Error {
  /** Line of the README, counted from 1. */
  readonly line: number;

  /**
   * @param line Line of the README, counted from 1.
   * @param message What is wrong.
   */
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Parses the text of a chapter.
 *
 * @param text Markdown.
 * @returns Its parts.
 * @throws {PageError} If there is a fence of another kind, a block inside a list or quotation, or an output that does not end
 * or belongs to no block.
 */
export function parseChapter(text: string): ChapterText {
  const nodes = parseMarkdown(text).children;
  const heading = nodes.find((node) => node.type === "heading" && node.depth === 1);
  return { text, title: heading === undefined ? "" : toString(heading), parts: [...partsOf(nodes)] };
}

function* partsOf(nodes: readonly RootContent[]): Generator<Part> {
  let prose: RootContent[] = [];
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as RootContent;
    if (!isBlock(node)) {
      prose.push(checkProse(node));
      continue;
    }
    if (prose.length > 0) yield proseOf(prose);
    prose = [];
    const output = outputBelow(nodes, at);
    yield blockOf(node, output);
    if (output !== undefined) at = output.end;
  }
  if (prose.length > 0) yield proseOf(prose);
}

function proseOf(nodes: readonly RootContent[]): Prose {
  return { kind: "prose", nodes, first: lineOf(nodes[0]), last: lastLineOf(nodes.at(-1)) };
}

function blockOf(node: RootContent & { type: "code" }, output: Output | undefined): Block {
  return {
    kind: "block",
    source: node.value,
    play: node.meta === "play",
    guess: node.meta === "guess",
    output: output?.lines,
    first: lineOf(node),
    last: lastLineOf(node),
  };
}

function isBlock(node: RootContent): node is RootContent & { type: "code" } {
  return node.type === "code" && node.lang === "ts" && FENCES.has(infoOf(node));
}

function isComment(node: RootContent | undefined, comment: string): boolean {
  return node?.type === "html" && node.value.trim() === comment;
}

function infoOf({ lang, meta }: RootContent & { type: "code" }): string {
  return [lang, meta].filter((word) => word !== null && word !== undefined).join(" ");
}

/** Returns a node that belongs to the prose. */
function checkProse(node: RootContent): RootContent {
  if (isComment(node, OUTPUT_BEGINS) || isComment(node, OUTPUT_ENDS)) {
    throw new PageError(lineOf(node), "Expected a block above an output but found none");
  }
  for (const code of codeIn(node)) {
    if (!FENCES.has(infoOf(code))) {
      const known = [...FENCES].map((fence) => `"${fence}"`).join(", ");
      throw new PageError(lineOf(code), `Expected a fence of ${known} but found "${infoOf(code)}"`);
    }
    if (code.lang === "ts") {
      throw new PageError(lineOf(code), "Expected a block at the left margin but found it indented");
    }
  }
  return node;
}

function* codeIn(node: RootContent): Generator<RootContent & { type: "code" }> {
  if (node.type === "code") yield node;
  if ("children" in node) { for (const child of node.children as RootContent[]) yield* codeIn(child); }
}

/** The output of a block: its lines, and the index of its last node. */
interface Output {
  readonly lines: Lines;
  readonly end: number;
}

function outputBelow(nodes: readonly RootContent[], at: number): Output | undefined {
  const begin = nodes[at + 1];
  if (!isComment(begin, OUTPUT_BEGINS)) return undefined;
  const end = nodes.findIndex((node, other) => other > at && isComment(node, OUTPUT_ENDS));
  const block = nodes.findIndex((node, other) => other > at && isBlock(node));
  if (end < 0 || (block >= 0 && block < end)) {
    throw new PageError(lineOf(begin), `Expected "${OUTPUT_ENDS}" below but found none`);
  }
  return { lines: { first: lineOf(begin), last: lastLineOf(nodes[end]) }, end };
}
