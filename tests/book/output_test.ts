import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compareDrawings, compareOutputs } from "../../tools/book/compare.ts";
import { outputProblem, pageOutputs } from "../../tools/book/output.ts";
import { withOutputs, writeChapter } from "../../tools/book/write.ts";
import { readChapters } from "../../tools/book/chapters.ts";
import { chapterOf, figureOf, linesOf, page } from "./sample_chapter.ts";

const TEXT = page("# T\n\n'''ts\n1;\n'''\n\nBetween.\n\n'''ts\n2;\n'''\n");
const messages = (problems: readonly { readonly message: string }[]) =>
  problems.map(({ message }) => message.split(":")[0]);

Deno.test("what is written is what is compared with: after a write there is no difference", () => {
  const outputs = pageOutputs(1, [linesOf(0, "a line"), figureOf(1, "one")]);
  const before = chapterOf(TEXT);
  assertEquals(messages(compareOutputs(before, outputs)), [
    "the block shows something that is not on the page",
    "the block shows something that is not on the page",
  ]);
  const after = chapterOf(withOutputs(before, outputs));
  assertEquals(compareOutputs(after, outputs), []);
  assertEquals(withOutputs(after, outputs), after.page.text, "writing twice changes nothing");
});

Deno.test("a result that has changed is a difference, and is replaced, not added", () => {
  const old = chapterOf(withOutputs(chapterOf(TEXT), pageOutputs(1, [linesOf(0, "old")])));
  const outputs = pageOutputs(1, [linesOf(0, "new")]);
  assertEquals(messages(compareOutputs(old, outputs)), ["the block shows something else than the page"]);
  const text = withOutputs(old, outputs);
  assertEquals([text.includes("old"), text.includes("new"), text.split("<!-- output -->").length], [false, true, 2]);
});

Deno.test("an output whose block shows nothing any more is a difference, and goes", () => {
  const old = chapterOf(withOutputs(chapterOf(TEXT), pageOutputs(1, [linesOf(1, "old")])));
  assertEquals(messages(compareOutputs(old, [])), ["the page has an output but the block shows nothing"]);
  assertEquals(compareOutputs(chapterOf(withOutputs(old, [])), []), []);
});

Deno.test("layout is no difference: a formatter may pad tables and change the signs of emphasis", () => {
  const outputs = pageOutputs(1, [figureOf(0, "one")]);
  const text = withOutputs(chapterOf(TEXT), outputs);
  const other = text.replace(/\|\s*a\s*\|/, "|     a     |").replace(
    "_Figure 1.1. A caption._",
    "*Figure 1.1. A\ncaption.*",
  );
  assert(other !== text);
  assertEquals(compareOutputs(chapterOf(other), outputs), []);
  const forged = text.replace("| 1", "| 2");
  assertEquals(compareOutputs(chapterOf(forged), outputs).length, 1, "a number in a table is no layout");
});

Deno.test("figures are numbered within their chapter and have alternative text, caption and table", () => {
  const [one, two] = pageOutputs(7, [figureOf(0, "one"), figureOf(1, "two")]);
  assertStringIncludes(one?.markdown ?? "", "![What the figure shows, in words.](figures/one.svg)");
  assertStringIncludes(two?.markdown ?? "", "_Figure 7.2. A caption._");
  assertStringIncludes(two?.markdown ?? "", "<summary>Figure 7.2 as a table</summary>");
});

Deno.test("what the reader is to guess is folded on the page, and only that", () => {
  const outputs = pageOutputs(1, [linesOf(0, "a line"), linesOf(1, "another")], (block) => block === 1);
  const [open, folded] = outputs.map(({ markdown }) => markdown);
  assert(!open?.includes("<details>"));
  assert(/<details>\n<summary>Guess first, then open<\/summary>\n\n```text\nanother/.test(folded ?? ""), folded);
  assertEquals(compareOutputs(chapterOf(withOutputs(chapterOf(TEXT), outputs)), outputs), []);
});

Deno.test("text in outputs stays text", () => {
  const hostile = "| <!-- end of output --> `a` *b* [c](d) _e_";
  const table = { header: [hostile], rows: [[hostile]] };
  const outputs = pageOutputs(1, [{ block: 0, output: { kind: "table", table, caption: hostile } }]);
  const after = chapterOf(withOutputs(chapterOf(TEXT), outputs));
  assertEquals(compareOutputs(after, outputs), []);
  assertEquals(after.page.parts.length, 4, "the output ends where it should");
});

Deno.test("a figure without words, a table without rows and a flood of lines are refused", () => {
  const { output } = figureOf(0, "one");
  assert(output.kind === "figure");
  assertEquals(outputProblem(output), undefined);
  assertStringIncludes(outputProblem({ ...output, caption: " " }) ?? "", "no caption");
  assertStringIncludes(outputProblem({ ...output, description: "short" }) ?? "", "no alternative text");
  assertStringIncludes(outputProblem({ ...output, table: { header: ["a"], rows: [] } }) ?? "", "no rows");
  assertStringIncludes(outputProblem({ kind: "lines", lines: Array(31).fill("x") }) ?? "", "at most 30");
});

Deno.test("drawings are kept as drawn: missing, stale and left-over ones are found, and a write mends all three", async () => {
  const root = new URL(`file://${await Deno.makeTempDir()}/`);
  const folder = new URL("chapters/01_one_page_table/", root);
  await Deno.mkdir(new URL("figures/", folder), { recursive: true });
  await Deno.writeTextFile(new URL("README.md", folder), TEXT);
  await Deno.writeTextFile(new URL("figures/stale.svg", folder), "<svg>old</svg>\n");
  await Deno.writeTextFile(new URL("figures/left_over.svg", folder), "<svg/>\n");
  const outputs = pageOutputs(1, [figureOf(0, "missing"), figureOf(1, "stale")]);
  const [chapter] = await readChapters([], root);
  assert(chapter !== undefined);
  assertEquals(messages(await compareDrawings(chapter, outputs)), [
    "the drawing is left over",
    "the drawing is missing",
    "the drawing is stale",
  ]);
  await writeChapter(chapter, outputs);
  const [written] = await readChapters([], root);
  assert(written !== undefined);
  assertEquals([...compareOutputs(written, outputs), ...await compareDrawings(written, outputs)], []);
});
