import { assertEquals } from "@std/assert";
import { anchorsOf, linkProblems } from "../../tools/book/links.ts";
import { parseMarkdown } from "../../tools/pages/markdown.ts";

const PAGE = "chapters/01_one_page_table/README.md";
const root = new URL(`file://${await Deno.makeTempDir()}/`);
await Deno.mkdir(new URL("chapters/01_one_page_table/", root), { recursive: true });
await Deno.writeTextFile(new URL("chapters/glossary.md", root), "# Glossary\n\n### page directory\n\nx\n");

async function problems(text: string): Promise<string[]> {
  await Deno.writeTextFile(new URL(PAGE, root), text);
  return (await linkProblems([PAGE], root)).map(({ line, message }) => `${line}: ${message}`);
}

Deno.test("links to files, headings, this page and the world are followed as far as they can be", async () => {
  const text =
    "# One\n\n[a](../glossary.md) [b](../glossary.md#page-directory) [c](#one) [d](https://example.org/x#y)\n";
  assertEquals(await problems(text), []);
});

Deno.test("a link that leads nowhere is found, with its line", async () => {
  assertEquals(await problems("# One\n\n[a](../missing.md)\n"), ["3: the link to ../missing.md leads nowhere"]);
  assertEquals(await problems("# One\n\n![a](figures/none.svg)\n"), ["3: the link to figures/none.svg leads nowhere"]);
  assertEquals(await problems("# One\n\n[a](../glossary.md#pdpte)\n"), ["3: ../glossary.md has no heading for #pdpte"]);
  assertEquals(await problems("# One\n\n[a](#two)\n"), ["3: this page has no heading for #two"]);
});

Deno.test("a chapter that is planned may be linked to before it is written, no other folder", async () => {
  assertEquals(await problems("[Chapter 3](../03_tlb/README.md)\n"), []);
  assertEquals((await problems("[x](../99_none/README.md)\n")).length, 1);
});

Deno.test("a link that says chapter 3 leads to chapter 3", async () => {
  assertEquals(await problems("[chapter 3](../02_permissions/README.md)\n"), [
    "1: the link says chapter 3 but leads to ../02_permissions/README.md",
  ]);
  assertEquals((await problems("[chapter 3](../glossary.md)\n")).length, 1);
});

Deno.test("a chapter is not mentioned by number without a link", async () => {
  assertEquals(await problems("More in chapter 3.\n"), ['1: expected a link on "chapter 3"']);
  assertEquals(await problems("- Chapters 2 and 3\n"), ['1: expected a link on "Chapters 2"']);
});

Deno.test("anchors are those that GitHub makes", () => {
  const tree = parseMarkdown(
    "# What is known now\n\n## `set_pte`, twice\n\n## SDM 4.3: 32-bit paging\n\n## A\n\n## A\n",
  );
  assertEquals([...anchorsOf(tree)], ["what-is-known-now", "set_pte-twice", "sdm-43-32-bit-paging", "a", "a-1"]);
});
