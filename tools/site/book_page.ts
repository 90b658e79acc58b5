/**
 * The whole book as one page, to be printed.
 *
 * @module
 */

import { escapeMarkup } from "../../chapters/figures/markup.ts";
import { numberOf } from "../pages/contents.ts";
import { type Page, SUBTITLE } from "./layout.ts";

/** A page of the book, and how it is called in its contents. */
export interface BookPart {
  readonly page: Page;
  /** Folder of the chapter; undefined for what is none. */
  readonly slug: string | undefined;
}

/** The file. */
export const BOOK_FILE = "book.html";

/** The printed book, below the site's folder. */
export const PDF_FILE = "book.pdf";

const PRINT = "Print this page, or build its PDF with <code>deno task site --pdf</code>.";
const PRINTED = `Print this page, or take <a href="${PDF_FILE}" download>its PDF</a>.`;

/**
 * Puts pages together.
 *
 * @param parts The pages, in order.
 * @param pdf Whether the site has the book as a PDF too.
 * @returns One page. Its anchors are those of the pages, each with the name of its page before it; a link to a page that is not in the book is text.
 */
export function bookPage(parts: readonly BookPart[], pdf: boolean): Page {
  const files = new Set(parts.map(({ page }) => page.file));
  const contents = parts.map(({ page, slug }) =>
    `<li><a href="#${nameOf(page.file)}">${slug === undefined ? "" : `${numberOf(slug)}. `}${
      escapeMarkup(page.title.replace(/^\d+\. /, ""))
    }</a></li>`
  );
  const body = `<div class="cover"><h1>The pagetable_init Debate</h1>
<p class="tools">${pdf ? PRINTED : PRINT}</p>
<p>${SUBTITLE}</p></div>
<nav class="book-contents" aria-label="Contents of the book"><ol>${contents.join("\n")}</ol></nav>
${parts.map(({ page }) => chapterOf(page, files)).join("\n")}`;
  return { file: BOOK_FILE, title: "The whole book", body, sections: [] };
}

function nameOf(file: string): string {
  return file.replace(/\.html$/, "");
}

function chapterOf({ file, body }: Page, files: ReadonlySet<string>): string {
  const name = nameOf(file);
  const inside = body
    .replace(/<section class="moving"[^]*?<\/section>/g, "")
    .replaceAll('<details class="guess">', '<details class="guess" open>')
    .replace(/<p class="tools">[^]*?<\/p>/g, "")
    .replace(/<(\/?)h([1-5])\b/g, (_, close: string, level: string) => `<${close}h${Number(level) + 1}`)
    .replace(/ (id|for|aria-labelledby|aria-describedby)="([^"]*)"/g, ` $1="${name}.$2"`)
    .replace(/url\(#/g, `url(#${name}.`)
    .replace(/ href="([^"]*)"/g, (link, href: string) => {
      const [to = "", anchor] = href.split("#");
      if (to !== "" && !files.has(to)) return /^https?:/.test(to) ? link : "";
      const page = to === "" ? name : nameOf(to);
      return ` href="#${page}${anchor === undefined ? "" : `.${anchor}`}"`;
    });
  return `<article class="chapter" id="${name}">${inside}</article>`;
}
