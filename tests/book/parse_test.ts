import { assertEquals, assertThrows } from "@std/assert";
import { cellsOf } from "../../tools/book/cells.ts";
import { PageError, parseChapter } from "../../tools/book/parse.ts";
import { page } from "./sample_chapter.ts";

const TEXT = page(`# A title

Prose.

'''ts
const a = 1;
a;
'''

<!-- output -->

'''text
1
'''

<!-- end of output -->

More.

Try another.

'''ts play
a + 1;
'''
`);

Deno.test("prose and blocks of a chapter come in order, outputs belong to their blocks", () => {
  const { title, parts } = parseChapter(TEXT);
  assertEquals(title, "A title");
  assertEquals(parts.map(({ kind, first, last }) => [kind, first, last]), [
    ["prose", 1, 3],
    ["block", 5, 8],
    ["prose", 18, 20],
    ["block", 22, 24],
  ]);
  const [, one, , two] = parts;
  assertEquals(one?.kind === "block" && [one.source, one.play, one.output], ["const a = 1;\na;", false, {
    first: 10,
    last: 16,
  }]);
  assertEquals(two?.kind === "block" && [two.play, two.output], [true, undefined]);
});

Deno.test("a notebook's cells are the prose and the blocks, without outputs", () => {
  assertEquals(cellsOf(parseChapter(TEXT)), [
    { kind: "markdown", source: "# A title\n\nProse.", play: false, guess: false, line: 1 },
    { kind: "code", source: "const a = 1;\na;", play: false, guess: false, line: 6 },
    { kind: "markdown", source: "More.\n\nTry another.", play: false, guess: false, line: 18 },
    { kind: "code", source: "a + 1;", play: true, guess: false, line: 23 },
  ]);
});

const REFUSED: readonly (readonly [string, string, number, string])[] = [
  ["a fence of a language that the book has not", "# T\n\n'''js\n1\n'''\n", 3, 'found "js"'],
  ["a misspelt word behind ts", "# T\n\n'''ts plya\n1\n'''\n", 3, 'found "ts plya"'],
  ["a fence without a language", "# T\n\n'''\n1\n'''\n", 3, 'found ""'],
  ["a block in a list", "# T\n\n- one\n\n  '''ts\n  1\n  '''\n", 5, "left margin"],
  ["an output without a block", "# T\n\n<!-- output -->\n\n<!-- end of output -->\n", 3, "a block above"],
  ["an output that does not end", "# T\n\n'''ts\n1\n'''\n\n<!-- output -->\n\nmore\n", 7, "end of output"],
  [
    "an output that ends below the next block",
    "# T\n\n'''ts\n1\n'''\n\n<!-- output -->\n\n'''ts\n2\n'''\n\n<!-- end of output -->\n",
    7,
    "end of output",
  ],
];

for (const [what, text, line, message] of REFUSED) {
  Deno.test(`${what} is refused, with its line`, () => {
    const error = assertThrows(() => parseChapter(page(text)), PageError, message);
    assertEquals(error.line, line);
  });
}
