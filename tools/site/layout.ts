/**
 * The frame of every page.
 *
 * @module
 */

import { escapeMarkup } from "../../chapters/figures/markup.ts";
import { CONTENTS, numberOf } from "../pages/contents.ts";

/** A page of the site. */
export interface Page {
  /** Its file, below the site's folder. */
  readonly file: string;
  readonly title: string;
  /** What stands in it: HTML. */
  readonly body: string;
  /** Its sections, for the contents. */
  readonly sections: readonly { readonly title: string; readonly slug: string }[];
}

/** What the book is about, in a line. */
export const SUBTITLE = "Who may write a kernel's first page tables? An argument of April 2007, as a program.";

/** No script but the site's own files, nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'", // drawings have style attributes, and the editor makes style sheets
  "img-src 'self' data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Pages beside the chapters, in the order of the contents. */
export const OTHER_PAGES: readonly { readonly file: string; readonly title: string }[] = Object.freeze([
  { file: "exercises.html", title: "Exercises" },
  { file: "verdict.html", title: "The verdict, live" },
  { file: "own.html", title: "Your own" },
  { file: "claims.html", title: "Claims" },
  { file: "conventions.html", title: "Before you begin" },
  { file: "api.html", title: "Reference" },
  { file: "glossary.html", title: "Glossary" },
  { file: "bibliography.html", title: "Bibliography" },
  { file: "errata.html", title: "Errata" },
  { file: "book.html", title: "The whole book, to print" },
]);

/** The file of a chapter. */
export function chapterFile(slug: string): string {
  return `${slug}.html`;
}

const ORDER: readonly { readonly file: string; readonly title: string }[] = [
  ...CONTENTS.map(({ slug, title }) => ({ file: chapterFile(slug), title: `${numberOf(slug)}. ${title}` })),
  ...OTHER_PAGES,
];

function contents({ file, sections }: Page): string {
  const inside = sections.map(({ title, slug }) => `<li><a href="#${slug}">${escapeMarkup(title)}</a></li>`).join("");
  const items = ORDER.map((it) => {
    if (it.file !== file) return `<li><a href="${it.file}">${escapeMarkup(it.title)}</a></li>`;
    return `<li><a href="${it.file}" aria-current="page">${escapeMarkup(it.title)}</a><ul>${inside}</ul></li>`;
  });
  return `<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ul>${
    items.join("")
  }</ul></details></nav>`;
}

function neighbours({ file }: Page): string {
  const at = ORDER.findIndex((it) => it.file === file);
  const link = (to: number, rel: string, arrow: string) => {
    const it = at < 0 ? undefined : ORDER[to];
    if (it === undefined) return "<span></span>";
    return `<a rel="${rel}" href="${it.file}">${arrow.replace("*", escapeMarkup(it.title))}</a>`;
  };
  return `<nav class="neighbours" aria-label="Pages before and after">${link(at - 1, "prev", "← *")}${
    link(at + 1, "next", "* →")
  }</nav>`;
}

/**
 * A page as the text of its file.
 *
 * @param page The page.
 * @returns HTML.
 */
export function pageHtml(page: Page): string {
  const title = page.file === "index.html" ? page.title : `${page.title} · The pagetable_init Debate`;
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escapeMarkup(`${page.title}. ${SUBTITLE}`)}">
<title>${escapeMarkup(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/site.css">
<script src="assets/theme.js"></script>
<script type="module" src="assets/page.js"></script>
</head>
<body data-root="">
<a class="skip" href="#text">Skip to the text</a>
<header>
<a class="home" href="index.html">The pagetable_init Debate</a>
<div class="search" role="search"><input id="search" type="search" placeholder="Search ( / )" aria-label="Search the book" disabled><ul id="found"></ul></div>
<button id="theme" type="button">Light or dark</button>
</header>
<p class="old" role="note">Blocks, figures and exercises do not answer yet: they need JavaScript and a browser of 2024 or newer. The text is all here.</p>
<div class="frame">
${contents(page)}
<main id="text">
${page.body}
${neighbours(page)}
</main>
</div>
</body>
</html>
`;
}
