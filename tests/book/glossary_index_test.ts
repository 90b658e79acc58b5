import { assertEquals, assertStringIncludes } from "@std/assert";
import { withIndex } from "../../tools/book/glossary_index.ts";

const GLOSSARY = "# Glossary\n\n### A bit\n\nA bit.\n\n### CR0.WP\n\nAnother.\n\nIn the library: `x`\n";
const chapters = [
  { slug: "01_one", text: "[a](../glossary.md#cr0wp), [b](../glossary.md#cr0wp)" },
  { slug: "02_two", text: "[c](../glossary.md#cr0wp) and [d](../glossary.md#tlb)" },
];

Deno.test("a word that chapters link to names each of them once, in order", () => {
  const line = "In the book: [chapter 1](01_one/README.md), [2](02_two/README.md).";
  assertStringIncludes(withIndex(GLOSSARY, chapters), line);
});

Deno.test("a word to which no chapter links has no line, and an old line goes", () => {
  const old = GLOSSARY.replace("A bit.\n", "A bit.\n\nIn the book: [chapter 9](09_nine/README.md).\n");
  assertEquals(withIndex(old, []), GLOSSARY);
  assertEquals(withIndex(withIndex(GLOSSARY, chapters), []).trim(), GLOSSARY.trim());
});

Deno.test("an index that is up to date stays as it is", () => {
  const once = withIndex(GLOSSARY, chapters);
  assertEquals(withIndex(once, chapters), once);
});
