/**
 * The first page: what the book is, its chapters, and what can be done here.
 *
 * @module
 */

import { type Page, SUBTITLE } from "./layout.ts";
import { headingSlugs, htmlOf, type Surroundings } from "./markdown.ts";

/** Pages to which a reader may turn at once, and what each is for. */
const DOORS: readonly { readonly file: string; readonly words: string; readonly says: string }[] = [
  {
    file: "01_one_page_table.html",
    words: "Begin with chapter 1",
    says: "every block of code runs in the page, and can be edited",
  },
  {
    file: "verdict.html",
    words: "Boot any rule on any machine",
    says: "figures answer to their controls, and their state can be linked",
  },
  {
    file: "exercises.html",
    words: "Do the exercises",
    says: "with the tests of the book, hints, and what you have solved kept in your browser",
  },
  { file: "own.html", words: "Bring your own", says: "a proposal for the debate, or the page tables of your machine" },
  {
    file: "claims.html",
    words: "See the debate as data",
    says: "every claim of the mail with the experiment that tries it",
  },
  { file: "api.html", words: "Use the library", says: "its reference, with an example for each name" },
  { file: "book.html", words: "Print it", says: "the whole book on one page" },
];

/**
 * The page.
 *
 * @param markdown The overview of the chapters. What it says below its first section is for those who write chapters, and is left out.
 * @param around Links, drawings and notes.
 */
export function homePage(markdown: string, around: Surroundings): Page {
  const [overview = ""] = markdown.split(/^## /m);
  const text = htmlOf(overview, around, headingSlugs(overview)[Symbol.iterator]());
  const doors = DOORS.map(({ file, words, says }) => `<li><a href="${file}">${words}</a>: ${says}.</li>`);
  const title = "The pagetable_init Debate";
  const body = `<h1>${title}</h1>
<p>${SUBTITLE}</p>
<ul class="doors">${doors.join("\n")}</ul>
${text.replace(/<h1\b([^>]*)>/, "<h2$1>").replace("</h1>", "</h2>")}
<p class="offline">Nothing here needs a server: after the first visit the site is read without a network.</p>`;
  return { file: "index.html", title, body, sections: [] };
}
