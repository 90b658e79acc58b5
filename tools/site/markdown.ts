/**
 * Markdown of the book as HTML of the site: links lead to the site's pages, drawings stand in the page, words of the glossary and sources say what they are.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { micromark } from "micromark";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";
import { escapeMarkup } from "../../chapters/figures/markup.ts";
import { anchorsOf } from "../book/links.ts";
import { withoutLabels } from "./client/plain_svg.ts";
import { nodesIn, parseMarkdown } from "../pages/markdown.ts";

/** What a text needs to know of its site. */
export interface Surroundings {
  /** Path of the Markdown file, from the project's folder. */
  readonly path: string;
  /** Page of the site for each Markdown file, by path. */
  readonly pages: ReadonlyMap<string, string>;
  /** Drawings by path: SVG text with the colours of the page. */
  readonly drawings: ReadonlyMap<string, string>;
  /** What glossary and bibliography say, by page and anchor: it is shown beside a link that leads there. */
  readonly notes: ReadonlyMap<string, string>;
}

/** A file of the project to which a link leads. */
function targetOf(url: string, path: string): { readonly file: string; readonly anchor: string } {
  const [file = "", anchor = ""] = url.split("#");
  const full = file === "" ? path : new URL(file, `file:///${path}`).pathname.slice(1);
  return { file: full, anchor };
}

/** A link of the site, or undefined for what is no page of it. */
export function siteLink(url: string, { path, pages }: Pick<Surroundings, "path" | "pages">): string | undefined {
  if (/^https?:/.test(url)) return url;
  const { file, anchor } = targetOf(url, path);
  const page = pages.get(file) ?? pages.get(`${file.replace(/\/$/, "")}/README.md`);
  return page === undefined ? undefined : `${page}${anchor === "" ? "" : `#${anchor}`}`;
}

/**
 * A text as HTML.
 *
 * @param markdown The text.
 * @param around What it needs to know of its site.
 * @param slugs Anchors of its headings, in order: those of the whole page.
 * @returns HTML.
 */
export function htmlOf(markdown: string, around: Surroundings, slugs: Iterator<string>): string {
  const html = micromark(markdown, {
    extensions: [gfmTable()],
    htmlExtensions: [gfmTableHtml()],
    allowDangerousHtml: true, // the book's own details and comments
  });
  return html
    .replace(/<!--[^]*?-->/g, "")
    .replace(/<details>\s*<summary>Guess/g, '<details class="guess"><summary>Guess')
    .replace(/<(h[1-6])>(.*?)<\/\1>/g, (_, tag: string, words: string) => {
      const slug = slugs.next().value ?? "";
      const link = `<a class="anchor" href="#${slug}" aria-label="Link to this section">#</a>`;
      return `<${tag} id="${slug}">${words}${tag === "h1" ? "" : link}</${tag}>`;
    })
    .replace(/<a href="([^"]*)">/g, (_, url: string) => openLink(unescaped(url), around))
    .replace(/<pre>/g, '<pre tabindex="0" role="group" aria-label="Text">')
    .replace(/<th><\/th>/g, "<td></td>")
    .replace(/<table>/g, '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>')
    .replace(/<\/table>/g, "</table></div>")
    .replace(
      /<p><img src="([^"]*)" alt="([^"]*)" \/><\/p>/g,
      (_, src: string, alt: string) => picture(src, alt, around),
    );
}

function openLink(url: string, around: Surroundings): string {
  const link = siteLink(url, around);
  if (link === undefined) return "<a>"; // a file of the project, which the site does not have
  const term = around.notes.get(link);
  const says = term === undefined ? "" : ` data-term="${escapeMarkup(term)}"`;
  return `<a href="${escapeMarkup(link)}"${says}>`;
}

/** A drawing in the page, in its colours; a picture that is no drawing of the book stays a picture. */
function picture(src: string, alt: string, { path, drawings }: Surroundings): string {
  const { file } = targetOf(src, path);
  const svg = drawings.get(file);
  return svg === undefined
    ? `<p><img src="${src}" alt="${alt}"></p>`
    : `<figure class="drawing" tabindex="0" role="img" aria-label="${alt}">${withoutLabels(svg)}</figure>`;
}

function unescaped(text: string): string {
  return text.replace(/&amp;/g, "&").replace(/&quot;/g, '"').replace(/&lt;/g, "<").replace(/&gt;/g, ">");
}

/** Anchors of the headings of a text, in order. */
export function headingSlugs(markdown: string): string[] {
  return [...anchorsOf(parseMarkdown(markdown))];
}

/** Headings of the second level, with their anchors. */
export function sectionsOf(markdown: string): { readonly title: string; readonly slug: string }[] {
  const tree = parseMarkdown(markdown);
  const slugs = [...anchorsOf(tree)];
  const headings = [...nodesIn(tree)].filter((node) => node.type === "heading");
  return headings.flatMap((heading, at) =>
    heading.depth === 2 ? [{ title: toString(heading), slug: slugs[at] ?? "" }] : []
  );
}
