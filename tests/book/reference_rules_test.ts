import { assertEquals } from "@std/assert";
import { contentsTable } from "../../tools/book/contents_page.ts";
import { CONTENTS, numberOf } from "../../tools/pages/contents.ts";
import { parseMarkdown } from "../../tools/pages/markdown.ts";
import { bibliographyComplaints, glossaryComplaints } from "../../tools/book/reference_rules.ts";
import { chapterOf } from "./sample_chapter.ts";

const glossary = (text: string) =>
  glossaryComplaints(parseMarkdown(text), new Set(["explain"])).map(({ line, message }) => `${line}: ${message}`);

Deno.test("terms of the glossary are in order, and no term twice", () => {
  assertEquals(glossary("### access\n\nx\n\n### CR0\n\nx\n\n### walk\n\nx\n"), []);
  assertEquals(glossary("### walk\n\nx\n\n### access\n\nx\n"), ['5: the term "access" is not in alphabetical order']);
  assertEquals(glossary("### walk\n\nx\n\n### walk\n\nx\n").length, 1);
});

Deno.test("a term without a text is found", () => {
  assertEquals(glossary("### access\n\n### walk\n\nx\n"), ['1: "access" has no text']);
});

Deno.test("what the glossary says is in the library is in the library", () => {
  assertEquals(glossary("### walk\n\nx\n\nIn the library: `explain`\n"), []);
  assertEquals(glossary("### walk\n\nx\n\nIn the library: `walkAll`\n"), ["5: the library exports no walkAll"]);
});

Deno.test("a source without a text is found", () => {
  assertEquals(bibliographyComplaints(parseMarkdown("### a1b2\n\n### c3d4\n\nA commit.\n")).length, 1);
});

Deno.test("chapters are numbered from 1 without a gap, by their folders alone", () => {
  assertEquals(CONTENTS.map(({ slug }) => numberOf(slug)), CONTENTS.map((_, at) => at + 1));
});

Deno.test("the table of contents links what is written and names what is planned", () => {
  const folder = new URL("file:///x/");
  const exercise = { id: "01_one_page_table/01_x", chapter: "01_one_page_table", folder };
  const lines = contentsTable([chapterOf("# One page table\n\n> Why a | b?\n")], [exercise]).split("\n");
  assertEquals(lines[2], "| 1 | [One page table](01_one_page_table/README.md) | Why a \\| b? | 1 |");
  assertEquals(lines[3], "| 2 | Permissions, large pages, NX |  |  |");
  assertEquals(lines.length, 2 + CONTENTS.length);
});
