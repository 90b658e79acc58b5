import { assertEquals } from "@std/assert";
import { linkTerms, termsOf } from "../../tools/docs/terms.ts";

const GLOSSARY = "# Glossary\n\nWords.\n\n### page\n\n### page table\n\n### CR0.WP\n\n### TLB\n";
const terms = termsOf(GLOSSARY);
const linked = (html: string) => linkTerms(html, terms, "glossary.html");
const prose = (text: string) => `<div class="markdown"><p>${text}</p></div>`;
const link = (anchor: string, text: string) => `<a class="link" href="glossary.html#${anchor}">${text}</a>`;

Deno.test("the words of a glossary are its headings, with the anchors that its links use", () => {
  assertEquals(terms[0], { name: "page", anchor: "page" });
  assertEquals(terms[2], { name: "CR0.WP", anchor: "cr0wp" });
});

Deno.test("the first mention of a word is linked, the second is not", () => {
  assertEquals(linked(prose("A TLB, the TLB.")), prose(`A ${link("tlb", "TLB")}, the TLB.`));
});

Deno.test("the longest word wins; plurals and words that begin a sentence are linked too", () => {
  assertEquals(
    linked(prose("Page tables map pages.")),
    prose(`${link("page-table", "Page tables")} map ${link("page", "pages")}.`),
  );
});

Deno.test("part of another word is no mention", () => {
  const text = prose("A homepage, mfn-page, page2, pagetable_init and tlb.");
  assertEquals(linked(text), text);
});

Deno.test("code, links, headings and attributes stay as they are", () => {
  const inside = '<code>page</code> <a href="page">page</a> <h2>page</h2> <img title="page">';
  assertEquals(linked(prose(inside)), prose(inside));
});

Deno.test("only prose is linked, however deep its boxes", () => {
  assertEquals(linked("<p>page</p>"), "<p>page</p>");
  const deep = '<div class="markdown"><div>none</div><p>page</p></div><p>TLB</p>';
  assertEquals(linked(deep), deep.replace("page", link("page", "page")));
});
