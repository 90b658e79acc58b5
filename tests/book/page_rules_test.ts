import { assertEquals, assertStringIncludes } from "@std/assert";
import { navigationComplaints, navigationOf, withNavigation } from "../../tools/book/navigation.ts";
import { pageComplaints } from "../../tools/book/page_rules.ts";
import { unprovenNumbers } from "../../tools/book/numbers.ts";
import { chapterOf, page } from "./sample_chapter.ts";

const figure = (name: string) =>
  `'''ts\n${name};\n'''\n\n<!-- output -->\n\n![what it shows](figures/${name}.svg)\n\n<!-- end of output -->\n\n`;

const NO_FIGURE = "'''ts\n1;\n'''\n\n<!-- output -->\n\n'''text\n1\n'''\n\n<!-- end of output -->\n\n";

/** A chapter that keeps every rule, with some other text in the middle. */
function chapter(middle: string = "", changes: Readonly<Record<string, string>> = {}) {
  const parts = {
    title: "# 1. One page table\n\n",
    question: "> Is this a question?\n\n",
    figures: figure("one") + figure("two"),
    crux: "> **The crux.** This is it.\n\n",
    middle: `${middle}\n\n`,
    play: "Try.\n\n'''ts play\n3;\n'''\n\n",
    end: "## What is known now\n\nThis.\n\n## What is doubtful\n\nThat.\n\n## Exercises\n\nNone.\n",
    ...changes,
  };
  return chapterOf(page(Object.values(parts).join("")));
}

const complaints = (...args: Parameters<typeof chapter>) =>
  pageComplaints(chapter(...args)).map(({ message }) => message);

Deno.test("a page that keeps the rules gets no complaint", () => {
  assertEquals(complaints(), []);
});

const BROKEN: readonly (readonly [string, string, Parameters<typeof chapter>])[] = [
  ["another title than the table of contents", "expected the title", ["", { title: "# Another\n\n" }]],
  ["no question below the title", "expected a question", ["", { question: "A statement.\n\n" }]],
  ["a quotation that asks nothing", "expected a question", ["", { question: "> A statement.\n\n" }]],
  ["no crux in a box", "found none", ["", { crux: "" }]],
  ["two boxes with a crux", "found 2", ["> **The crux.** That is it.\n"]],
  ["no result on the first screen", "shows a result by now", ["", {
    question: `> Is it?\n\n${"## Words\n\n".repeat(24)}`,
  }]],
  ["a screen of prose", "1800 characters", ["word ".repeat(400)]],
  ["26 lines of prose", "25 lines of prose", ["A line.\n".repeat(26)]],
  ["a block of 31 lines", "at most 30 lines", [`'''ts\n${"a;\n".repeat(31)}'''`]],
  ["a line of code of 91 columns", "at most 90 columns", [`'''ts\n"${"a".repeat(88)}";\n'''`]],
  ["a layout of 91 columns", "at most 90 columns", [`'''text\n${"a".repeat(91)}\n'''`]],
  ["other last sections", "the last sections", ["", { end: "## What is known now\n\nThis.\n" }]],
  ["no figure", "expected a figure but found none", ["", { figures: NO_FIGURE }]],
  ["nothing to play with", '"ts play"', ["", { play: "" }]],
  ["a silenced linter", "silences a checker", ["'''ts\n// deno-lint-ignore no-explicit-any\nlet a;\n'''"]],
  ["a silenced compiler", "silences a checker", ["'''ts\n// @ts-ignore\nlet a;\n'''"]],
];

for (const [what, message, args] of BROKEN) {
  Deno.test(`${what} is one complaint`, () => {
    const found = complaints(...args);
    assertEquals(found.length, 1, found.join("; "));
    assertStringIncludes(found[0] ?? "", message);
  });
}

Deno.test("prose on both sides of a table, a listing, a block or a heading is not one run", () => {
  const half = "word ".repeat(300);
  for (
    const between of ["| a |\n| - |\n| 1 |", "'''text\nx\n'''", "'''ts\n1;\n'''", "## Heading", "![x](figures/one.svg)"]
  ) {
    assertEquals(complaints(`${half}\n\n${between}\n\n${half}`), []);
  }
});

Deno.test("imports do not count as lines of a block", () => {
  const imports = `import {\n${"  a,\n".repeat(30)}} from "@pagetable-init/textbook";\n`;
  assertEquals(complaints(`'''ts\n${imports}1;\n'''`), []);
});

const unproven = (text: string) =>
  unprovenNumbers(chapter(text)).map(({ message }) => /checks (\S+)/.exec(message)?.[1]);

Deno.test("a number in the prose that no block has is found", () => {
  assertEquals(unproven("There are 16,384 pages."), ["16,384"]);
  assertEquals(unproven("At `0xc0100abc` and 0x300."), ["0xc0100abc", "0x300"]);
  assertEquals(unproven("A list:\n\n- of 77 things"), ["77"]);
});

Deno.test("a number that a block has, however written, or that an output has, is proven", () => {
  assertEquals(unproven("There are 16,384 pages.\n\n'''ts\n16_384;\n'''"), []);
  assertEquals(unproven("There are 16384 pages.\n\n'''ts\ncheck(0x4000, n);\n'''"), []);
  assertEquals(unproven("At 0x00000300.\n\n'''ts\nhex(0x300);\n'''"), []);
  const output = "\n\n'''ts\nf();\n'''\n\n<!-- output -->\n\n'''text\n4711\n'''\n\n<!-- end of output -->";
  assertEquals(unproven(`Found 4,711.${output}`), []);
});

Deno.test("dates, versions, sections, bits, widths, CPUs, commits and titles of sources are no results", () => {
  const prose = "On 28 April 2007, in Linux 2.6.22, section 4.10, trap T20, bit 63, bits 31 to 22, 32-bit, a 486, " +
    "commit 74260714c56d, [the mail of 16 February](x.md).";
  assertEquals(unproven(prose), []);
});

Deno.test("what stands last above a block to play with suggests what to try, and claims nothing", () => {
  assertEquals(unproven("Try 0x4711.\n\n'''ts play\n3;\n'''"), []);
  assertEquals(unproven("It is 0x4711.\n\nTry.\n\n'''ts play\n3;\n'''").length, 1);
});

Deno.test("a chapter has its number, and the way to its neighbours above and below the text", () => {
  const text = withNavigation("# The TLB\n\nWords.\n", "03_tlb");
  const line = navigationOf("03_tlb");
  assertEquals(text, `# 3. The TLB\n\n${line}\n\nWords.\n\n${line}\n`);
  assertEquals(withNavigation(text, "03_tlb"), text);
  assertEquals(navigationComplaints({ slug: "03_tlb", text }), []);
  assertEquals(navigationComplaints({ slug: "04_booting_natively", text }).length, 1);
  assertEquals([navigationOf("01_one_page_table").includes("←"), navigationOf("14_real_machines").includes("→")], [
    false,
    false,
  ]);
});
