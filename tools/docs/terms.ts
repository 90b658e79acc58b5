/**
 * The words of the glossary, and links to them.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { anchorsOf } from "../book/links.ts";
import { nodesIn, parseMarkdown } from "../pages/markdown.ts";

/** A word of the glossary. */
export interface Term {
  /** The word. */
  readonly name: string;
  /** Anchor of its entry in the page. */
  readonly anchor: string;
}

/**
 * The words that a glossary has as headings below its title.
 *
 * @param markdown The glossary.
 * @returns The words, in order.
 */
export function termsOf(markdown: string): Term[] {
  const tree = parseMarkdown(markdown);
  const headings = [...nodesIn(tree)].filter((node) => node.type === "heading");
  const anchors = [...anchorsOf(tree)];
  return headings.map((heading, i) => ({ name: toString(heading), anchor: anchors[i] ?? "" })).slice(1);
}

/** Tags, each with all its attributes, and the text between them. */
const TOKEN = /<(\/?)([a-z][a-z0-9]*)\b[^>]*>|[^<]+|</gi;
/** Elements of which the text stays as it is. */
const KEPT = new Set(["a", "code", "pre", "h1", "h2", "h3", "script", "style", "button"]);
const PROSE = /^<div class="markdown(_summary)?">/;

/**
 * Links each word of the glossary where a page's prose has it first.
 *
 * @param html A page of `deno doc --html`.
 * @param terms The words.
 * @param glossary Address of the glossary, from the page.
 * @returns The page with links.
 */
export function linkTerms(html: string, terms: readonly Term[], glossary: string): string {
  const anchors = new Map(terms.map(({ name, anchor }) => [name.toLowerCase(), anchor]));
  const pattern = patternOf(terms);
  const linked = new Set<string>();
  const link = (text: string) =>
    text.replace(pattern, (word: string, name: string, plural: string) => {
      const anchor = anchors.get(name.toLowerCase());
      if (anchor === undefined || linked.has(anchor)) return word;
      linked.add(anchor);
      return `<a class="link" href="${glossary}#${anchor}">${name}${plural}</a>`;
    });
  let divs = 0; // open ones, from that of the prose on
  let kept = 0;
  return html.replace(TOKEN, (token: string, closing: string | undefined, tag: string | undefined) => {
    const step = closing === "/" ? -1 : 1;
    if (tag === "div" && (divs > 0 || PROSE.test(token))) divs += step;
    else if (tag !== undefined && KEPT.has(tag)) kept += step;
    return tag === undefined && divs > 0 && kept === 0 ? link(token) : token;
  });
}

/** The longest word first; a word of small letters may begin a sentence, others are as they are. */
function patternOf(terms: readonly Term[]): RegExp {
  const words = terms.map(({ name }) => name).sort((a, b) => b.length - a.length).map((name) => {
    const [first = "", rest = ""] = [RegExp.escape(name.slice(0, 1)), RegExp.escape(name.slice(1))];
    const isWord = /^[a-z][a-z ]+$/.test(name);
    return isWord ? `[${name[0]}${name[0]?.toUpperCase()}]${rest}` : first + rest;
  });
  return new RegExp(`(?<![\\w.#&-])(${words.join("|")})((?:e?s)?)(?![\\w-])`, "g");
}
