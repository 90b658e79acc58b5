/**
 * The changes to the pages of `deno doc --html`, and the page that is added.
 *
 * @module
 */

import { micromark } from "micromark";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";
import { linkTerms, type Term } from "./terms.ts";

/** Facts about the whole site. */
export interface Site {
  /** Name of the package. */
  readonly name: string;
  /** The words of the glossary. */
  readonly terms: readonly Term[];
  /** Paths of all pages. */
  readonly pages: ReadonlySet<string>;
  /** The page of each symbol: that of its part. */
  readonly symbols: ReadonlyMap<string, string>;
}

/** The link that leads from the source button to a file of this machine. */
const SOURCE_BUTTON = /<a\s+class="sourceButton"[^>]*>[^]*?<\/a>/g;
/** A link to a symbol's page. To the part before a dot of a key such as "4.17" there is a link, and no page. */
const SYMBOL_LINK = /<a href="([^"]*~(?:&#x2F;|\/)[^"]*\.html)"[^>]*>([^<]*)<\/a>/g;
/** A link to a folder. */
const FOLDER_LINK = /(?<= href="(?:\.{1,2}&#x2F;)+)(?=")/g;
/** A link to a page of the book, which is no part of the site. */
const BOOK_LINK = /<a href="(?!#|https?:)[^"]*">(.*?)<\/a>/g;
const THEME_BUTTON = '<button id="theme-toggle"';

/**
 * A page of the reference as it is to be read: no link to a file of this machine, the package's name where it is imported, folders named by
 * their page, and the words of the glossary linked.
 *
 * @param html The page as `deno doc` wrote it.
 * @param path The page's path in the site.
 * @param site The site.
 * @returns The page.
 */
export function finishPage(html: string, path: string, { name, terms, pages }: Site): string {
  const glossary = `${"../".repeat(path.split("/").length - 1)}glossary.html`;
  const isThere = (link: string) => pages.has(decodeURIComponent(new URL(link, `site:/${path}`).pathname.slice(1)));
  const page = html
    .replaceAll(SOURCE_BUTTON, "")
    .replaceAll(FOLDER_LINK, "index.html")
    .replaceAll('href=""', 'href="index.html"')
    .replaceAll(
      /from &quot;\.(?:\/|&#x2F;)?(\w*)&quot;/g,
      (_, part) => `from &quot;${part === "" ? name : `${name}/${part}`}&quot;`,
    )
    .replaceAll(SYMBOL_LINK, (link, target, words) => isThere(target.replaceAll("&#x2F;", "/")) ? link : words)
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
      (code, symbol) => symbols.has(symbol) ? `<a href="${symbols.get(symbol)}">${code}</a>` : code,
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
  /** Path of its page. */
  readonly page: string;
  /** Its description, in Markdown. */
  readonly summary: string;
}

/** Names of the front door under one heading. */
export interface Category {
  /** The heading. */
  readonly title: string;
  /** The names. */
  readonly names: readonly string[];
}

/**
 * The front page with what the package exports by itself, by category, and a list of the parts.
 *
 * @param frontPage The finished front page.
 * @param categories What the package exports by itself.
 * @param parts The parts.
 * @returns The page.
 */
export function withParts(frontPage: string, categories: readonly Category[], parts: readonly Part[]): string {
  const own = categories.map(({ title, names }) =>
    `- ${title}: ${names.map((name) => `[\`${name}\`](~/${name}.html)`).join(" · ")}`
  );
  const list = parts.map(({ name, page, summary }) => `- [\`${name}\`](${page}): ${summary}`);
  const said = [
    "## The front door",
    "",
    ...own,
    "",
    "## Parts",
    "",
    "Everything else has a part, by purpose:",
    "",
    ...list,
    "",
  ];
  return frontPage.replace(
    "</main>",
    () => `<section><div class="markdown">${micromark(said.join("\n"))}</div></section></main>`,
  );
}
