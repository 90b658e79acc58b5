import { assert, assertEquals } from "@std/assert";
import { parseHTML } from "linkedom";
import { CONTENTS } from "../../../tools/pages/contents.ts";
import { BOOK_FILE, bookPage, PDF_FILE } from "../../../tools/site/book_page.ts";
import { pageHtml } from "../../../tools/site/layout.ts";
import { pages } from "./built.ts";

const book = pages.find(({ file }) => file === BOOK_FILE);
assert(book !== undefined);
const { document } = parseHTML(pageHtml(book));
const main = document.querySelector("main");

Deno.test("the printed book has what to look up, then the chapters in order, then what stands behind them", () => {
  const names = [...document.querySelectorAll("article.chapter")].map(({ id }) => id);
  const chapters = CONTENTS.map(({ slug }) => slug);
  assertEquals(names, ["conventions", ...chapters, "claims", "glossary", "bibliography", "errata"]);
  const listed = [...document.querySelectorAll(".book-contents a")].map((link) => link.getAttribute("href"));
  assertEquals(listed, names.map((name) => `#${name}`));
});

Deno.test("no link of the printed book leads to another file of the site: a PDF has none", () => {
  const hrefs = [...main?.querySelectorAll(":is(.book-contents, .chapter) a[href]") ?? []].map((link) =>
    link.getAttribute("href") ?? ""
  );
  assert(hrefs.length > 100);
  assertEquals(hrefs.filter((href) => !/^(#|https?:)/.test(href)), []);
});

Deno.test("the book's page links its PDF where there is one, and only there", () => {
  const linked = (pdf: boolean) => bookPage([], pdf).body.includes(`href="${PDF_FILE}"`);
  assertEquals([linked(true), linked(false)], [true, false]);
});
