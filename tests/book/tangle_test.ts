import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { PageError, parseChapter } from "../../tools/book/parse.ts";
import { tangle } from "../../tools/book/tangle.ts";
import { page } from "./sample_chapter.ts";

const program = (text: string) => tangle(parseChapter(page(text)));

Deno.test("line N of the program is line N of the page", () => {
  const text = page(
    "# T\n\nProse.\n\n'''ts\nconst first = 1;\n'''\n\nMore prose,\nin two lines.\n\n'''ts\nconst second = first;\n'''\n",
  );
  const lines = program(text).split("\n");
  assertEquals(lines.length, text.split("\n").length);
  for (const [at, line] of text.split("\n").entries()) if (line.startsWith("const")) assertEquals(lines[at], line);
  assertEquals(lines.filter((line) => line !== "").length, 5, "the import, two lines that enter a block, two of code");
});

Deno.test("the expression that a block ends in is shown, whatever it is", () => {
  const shown = (code: string) => program(`# T\n\n'''ts\n${code}\n'''\n`).split("\n").slice(3, -2).join("\n");
  assertEquals(shown("1 + 1;"), "$book.show(1 + 1);");
  assertEquals(shown("const a = 2;\n(a satisfies number);"), "const a = 2;\n$book.show((a satisfies number));");
  assertEquals(shown("[\n  1,\n  2,\n]; // two"), "$book.show([\n  1,\n  2,\n]); // two");
  assertEquals(shown("const a = 1;"), "const a = 1;");
  assertEquals(shown("'; not an end';\nif (1) { 2; }"), "'; not an end';\nif (1) { 2; }");
});

Deno.test("a syntax error names the line of the page", () => {
  const error = assertThrows(() => program("# T\n\n'''ts\nconst a = 1;\nconst = 2;\n'''\n"), PageError);
  assertEquals(error.line, 5);
});

Deno.test("imports stand at the top of a block, be it the first or not, and lead to the book's own modules", () => {
  const textbook = 'import { P } from "@pagetable-init/textbook";';
  assertStringIncludes(program(`# T\n\n'''ts\n${textbook}\nP;\n'''\n`), textbook);
  assertStringIncludes(program(`# T\n\n'''ts\n1;\n'''\n\n'''ts\n${textbook}\nP;\n'''\n`), textbook);
  const below = assertThrows(
    () => program(`# T\n\n'''ts\n1;\n'''\n\n'''ts\n2;\n${textbook}\nP;\n'''\n`),
    PageError,
    "top of the block",
  );
  assertEquals(below.line, 9);
  for (const module of ["@std/assert", "../mod.ts", "npm:x"]) {
    assertThrows(() => program(`# T\n\n'''ts\nimport { x } from "${module}";\n'''\n`), PageError, module);
  }
});

Deno.test("a block exports nothing, since a notebook cell cannot", () => {
  for (const code of ["export const a = 1;", "export {};", "export default 1;"]) {
    assertThrows(() => program(`# T\n\n'''ts\n${code}\n'''\n`), PageError, "no export");
  }
});

Deno.test("a page without a title in its first line is refused: the line is needed", () => {
  assertThrows(() => program("\n# T\n\n'''ts\n1;\n'''\n"), PageError, "title");
});

Deno.test("blocks for play are part of the program", () => {
  assert(program("# T\n\n'''ts play\nconst mine = 7;\n'''\n").includes("const mine = 7;"));
});
