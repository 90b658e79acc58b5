/**
 * What is changed in the pages of `deno doc --html`, and the page that is added.
 *
 * @module
 */

import { micromark } from "micromark";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";
import { linkTerms, type Term } from "./terms.ts";

/** What is known of the whole site. */
export interface Site {
  /** Name of the package. */
  readonly name: string;
  /** The words of the glossary. */
  readonly terms: readonly Term[];
  /** Names of the symbols that have a page. */
  readonly symbols: ReadonlySet<string>;
}

/** The link that leads from the source button to a file of this machine. */
const SOURCE_BUTTON = /<a\s+class="sourceButton"[^>]*>[^]*?<\/a>/g;
/** A link to a symbol's page. To the part before a dot of a key such as "4.17" there is a link, and no page. */
const SYMBOL_LINK = /<a href="[^"]*~(?:&#x2F;|\/)([^"]*)\.html"[^>]*>([^<]*)<\/a>/g;
/** A link to a page of the book, which is no part of the site. */
const BOOK_LINK = /<a href="(?!#|https?:)[^"]*">(.*?)<\/a>/g;
const THEME_BUTTON = '<button id="theme-toggle"';

/**
 * A page of the reference as it is to be read: no link to a file of this machine, the package's name where it is imported, folders named by
 * their page, and the words of the glossary linked.
 *
 * @param html The page as `deno doc` wrote it.
 * @param up The way from the page to the front page's folder: empty or `../`.
 * @param site The site.
 * @returns The page.
 */
export function finishPage(html: string, up: string, { name, terms, symbols }: Site): string {
  const glossary = `${up}glossary.html`;
  const page = html
    .replaceAll(SOURCE_BUTTON, "")
    .replaceAll('href="..&#x2F;"', 'href="..&#x2F;index.html"')
    .replaceAll('href=".&#x2F;"', 'href=".&#x2F;index.html"')
    .replaceAll('href=""', 'href="index.html"')
    .replaceAll("from &quot;.&quot;", `from &quot;${name}&quot;`)
    .replaceAll(SYMBOL_LINK, (link, symbol, words) => symbols.has(symbol) ? link : words)
    .replace(THEME_BUTTON, `<a class="contextLink" href="${glossary}">Glossary</a>${THEME_BUTTON}`);
  return linkTerms(page, terms, glossary);
}

/**
 * The glossary as a page of the reference: it takes the front page's frame, links what the library has, and names chapters without a link.
 *
 * @param markdown The glossary.
 * @param frontPage The finished front page.
 * @param site The site.
 * @returns The page.
 * @throws {RangeError} If the front page has no place for it.
 */
export function glossaryPage(markdown: string, frontPage: string, { terms, symbols, name }: Site): string {
  const anchors = new Map(terms.map((term) => [term.name, term.anchor]));
  const body = micromark(markdown, { extensions: [gfmTable()], htmlExtensions: [gfmTableHtml()] })
    .replaceAll(BOOK_LINK, (_link, words) => words)
    .replace(/<h3>(.*?)<\/h3>/g, (_heading, words) => `<h3 id="${anchors.get(words) ?? ""}">${words}</h3>`)
    .replace(
      /<code>(\w+)<\/code>/g,
      (code, symbol) => symbols.has(symbol) ? `<a href="~/${symbol}.html">${code}</a>` : code,
    );
  const main = /<main>[^]*<\/main>/;
  if (!main.test(frontPage)) throw new RangeError("Expected a front page with a main part but found none");
  return frontPage
    .replace(/<title>.*?<\/title>/, `<title>Glossary - ${name}</title>`)
    .replace(main, () => `<main><section><div class="markdown">${body}</div></section></main>`);
}

/** A part of the library that has a name of its own. */
export interface Part {
  /** Its name, as it is imported. */
  readonly name: string;
  /** What it is, in Markdown. */
  readonly summary: string;
}

/**
 * The front page with a list of the parts.
 *
 * @param frontPage The finished front page.
 * @param parts The parts.
 * @returns The page.
 */
export function withParts(frontPage: string, parts: readonly Part[]): string {
  const list = parts.map(({ name, summary }) => `- \`${name}\`: ${summary}`).join("\n");
  const text = micromark(
    `## Parts\n\nEverything can be imported from the whole. Parts have names of their own:\n\n${list}\n`,
  );
  return frontPage.replace("</main>", () => `<section><div class="markdown">${text}</div></section></main>`);
}
