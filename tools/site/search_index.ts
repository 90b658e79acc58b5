/**
 * The index of the search: a line for each section of each page.
 *
 * @module
 */

import MiniSearch from "minisearch";
import { BOOK_FILE } from "./book_page.ts";
import { INDEX_OPTIONS, type Section } from "./client/search.ts";
import { packIndex } from "./client/search_pack.ts";
import type { Page } from "./layout.ts";

/**
 * The index over the sections of all pages.
 *
 * @param pages The pages.
 * @returns Text for the search in the page.
 */
export function searchIndex(pages: readonly Page[]): string {
  const index = new MiniSearch<Section>(INDEX_OPTIONS);
  for (const page of pages) if (page.file !== BOOK_FILE) index.addAll(sectionTexts(page));
  return packIndex(JSON.stringify(index));
}

/** What is not searched: figures, tables, code, and the chapters that a word of the glossary names. */
const NO_WORDS = /<(svg|table|pre|details|form|dl)\b[^]*?<\/\1>|<p>In the book: [^]*?<\/p>/g;

function sectionTexts({ file, title, body }: Page): Section[] {
  const parts = body.split(/(?=<h[123] id=")/);
  return parts.flatMap((part, at) => {
    const [, slug, heading] = /^<h[123] id="([^"]*)">(.*?)<\/h[123]>/.exec(part) ?? [];
    const text = plainText(part.replace(NO_WORDS, " "));
    if (text.trim() === "" || (slug === undefined && at > 0)) return [];
    const id = slug === undefined ? file : `${file}#${slug}`;
    return [{ id, title: plainText(heading ?? title).replace(/#$/, ""), page: title, text }];
  });
}

function plainText(html: string): string {
  return html.replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();
}
