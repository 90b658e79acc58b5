import { assert, assertEquals, assertThrows } from "@std/assert";
import { ROOT } from "../../tools/command/root.ts";
import { type Chapter, exists, readChapters } from "../../tools/book/chapters.ts";
import { nodesIn, parseMarkdown } from "../../tools/pages/markdown.ts";
import { parseChapter } from "../../tools/book/parse.ts";
import { tangle } from "../../tools/book/tangle.ts";
import { buildNotebooks } from "../../tools/notebooks/check.ts";
import { fileOf } from "../../tools/notebooks/compare.ts";
import { linksFromNotebooks } from "../../tools/notebooks/links.ts";
import { type Notebook, type NotebookCell, notebookOf, textOf } from "../../tools/notebooks/notebook.ts";
import { chapterOf, page } from "../book/sample_chapter.ts";

const chapters = await readChapters();
const notebooks = await buildNotebooks(chapters);

const SAMPLE = chapterOf(page(`# Title

Words, [chapter 2](../02_permissions/README.md) and [errata](../errata.md#x).

'''ts
const a: number = 1;
a;
'''

<!-- output -->

'''text
1
'''

<!-- end of output -->

Change it.

'''ts play
a + 1;
'''

More words.
`));

function cell(notebook: Notebook | undefined, id: string): NotebookCell {
  const found = notebook?.cells.find((it) => it.id === id);
  assert(found !== undefined, `no cell ${id}`);
  return found;
}

/** A page of code alone: the cells, in order. */
function pageOfCode({ cells }: Notebook): string {
  const code = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => textOf(source));
  return ["# Cells", ...code.map((source) => `\`\`\`ts\n${source}\n\`\`\``)].join("\n\n");
}

/** The lines of a program that are code, without the recorder's fences. */
function codeOf(chapter: Chapter["page"]): string[] {
  return tangle(chapter).split("\n").filter((line) => line.trim() !== "" && !line.startsWith("$book.enter("));
}

Deno.test("a block becomes a code cell, prose a Markdown cell, and what a block shows on the page none", () => {
  const { cells } = notebookOf(SAMPLE, new Map());
  assertEquals(cells.map(({ id }) => id), ["prose-1", "kernel-note", "code-1", "prose-2", "play-1", "prose-3"]);
  assertEquals(cells.map(({ source }) => textOf(source)).slice(2), [
    "const a: number = 1;\na;",
    "Change it.",
    "a + 1;",
    "More words.",
  ]);
  assertEquals(cells.map(({ metadata }) => metadata.tags), [
    undefined,
    undefined,
    undefined,
    undefined,
    ["play"],
    undefined,
  ]);
});

Deno.test("a source is a list of lines, as Jupyter writes it", () => {
  assertEquals(cell(notebookOf(SAMPLE, new Map()), "code-1").source, ["const a: number = 1;\n", "a;"]);
});

Deno.test("a link to a chapter leads to its notebook, any other to where it led", () => {
  const { source } = cell(notebookOf(SAMPLE, new Map()), "prose-1");
  const words = "Words, [chapter 2](02_permissions.ipynb) and [errata](../chapters/errata.md#x).";
  assertEquals(textOf(source), `# Title\n\n${words}`);
  const links =
    "[a](https://a.b/c) [a](exercises/01_x/exercise.ts) ![a](figures/a.svg) [a](#more-words) [a](../README.md)\n\n[r]: ../../README.md";
  assertEquals(
    linksFromNotebooks(links, "02_permissions", new Map([["02_permissions", "# T\n\n## More words"]])),
    "[a](https://a.b/c) [a](../chapters/02_permissions/exercises/01_x/exercise.ts) " +
      "![a](../chapters/02_permissions/figures/a.svg) [a](#More-words) [a](../chapters/README.md)\n\n[r]: ../README.md",
  );
});

Deno.test("a link to a heading that is not there is refused", () => {
  const pages = new Map([["03_tlb", "# T"]]);
  assertThrows(() => linksFromNotebooks("[a](../03_tlb/README.md#x)", "02_permissions", pages), RangeError, "for #x");
});

for (const { slug, page } of chapters) {
  Deno.test(`${slug}: the code cells, joined, are the chapter's program`, () => {
    const notebook = notebooks.get(slug);
    assert(notebook !== undefined);
    assertEquals(codeOf(parseChapter(pageOfCode(notebook))), codeOf(page));
  });

  Deno.test(`${slug}: every link of the notebook leads somewhere`, async () => {
    for (const { cell_type, source } of notebooks.get(slug)?.cells ?? []) {
      if (cell_type === "code") continue;
      for (const node of nodesIn(parseMarkdown(textOf(source)))) {
        if (node.type !== "link" && node.type !== "definition" && node.type !== "image") continue;
        if (/^(https?:|#)/.test(node.url)) continue;
        const target = new URL(node.url.replace(/\.ipynb(#.*)?$/, "/README.md"), new URL("notebooks/", ROOT));
        const onDisk = new URL(target.href.replace(/\/notebooks\/(\d\d_)/, "/chapters/$1"));
        assert(await exists(onDisk), `${node.url} leads nowhere`);
      }
    }
  });

  Deno.test(`${slug}: some cell is for the reader to change`, () => {
    assert(notebooks.get(slug)?.cells.some(({ metadata }) => metadata.tags?.includes("play")));
  });
}

Deno.test("no notebook that is kept is larger than three quarters of a MiB", async () => {
  for (const { slug } of chapters) {
    const bytes = (await Deno.stat(fileOf(slug))).size;
    assert(bytes <= 0.75 * 2 ** 20, `${slug} has ${bytes} bytes`);
  }
});
