import { assertEquals } from "@std/assert";
import { draw, type Figure, lines, type MimeBundle, table } from "../../chapters/mod.ts";
import { ROOT } from "../../tools/command/root.ts";
import type { Output } from "../../tools/book/record.ts";
import { staleness } from "../../tools/notebooks/compare.ts";
import type { Notebook, NotebookOutput } from "../../tools/notebooks/notebook.ts";
import { outputProblemsOf } from "../../tools/notebooks/outputs.ts";

/** A notebook of one code cell that shows these bundles. */
function notebookWith(...bundles: Readonly<Record<string, string>>[]): Notebook {
  const outputs: NotebookOutput[] = bundles.map((data) => ({ output_type: "execute_result", data }));
  const code = { id: "code-1", cell_type: "code", metadata: {}, source: ["x;"], outputs } as const;
  return { cells: [code], metadata: { kernelspec: {} }, nbformat: 4, nbformat_minor: 5 };
}

const one = (output: Output) => [{ block: 0, output }];

const FIGURE: Figure = {
  options: { marks: [] },
  caption: "A caption",
  description: "What it shows",
  table: { header: ["a"], rows: [[1]] },
};

/** A result, and what the recorder has of it. */
const PAIRS: Readonly<Record<string, readonly [readonly MimeBundle[], Output]>> = {
  lines: [lines(["a", "b"]).outputs(), { kind: "lines", lines: ["a", "b"] }],
  table: [table([{ a: 1 }], "c").outputs(), { kind: "table", table: { header: ["a"], rows: [[1]] }, caption: "c" }],
  figure: [draw("one", FIGURE).outputs(), {
    kind: "figure",
    name: "one",
    svg: `${draw("one", FIGURE).svg}\n`,
    ...FIGURE,
  }],
  value: [[{ "text/plain": "[ \u{1b}[33m1\u{1b}[39m,\n  2 ]" }], { kind: "lines", lines: ["[ 1, 2 ]"] }],
};

for (const [name, [bundles, output]] of Object.entries(PAIRS)) {
  Deno.test(`a cell that shows the ${name} of its block is right, and one that shows another is not`, () => {
    assertEquals(outputProblemsOf(notebookWith(...bundles), one(output)), []);
    const others = bundles.map((it) =>
      Object.fromEntries(Object.entries(it).map(([type, text]) => [type, `${text}!`]))
    );
    assertEquals(outputProblemsOf(notebookWith(...others), one(output)), [
      "cell code-1: it shows something else than the block does",
    ]);
  });
}

Deno.test("a lost output is found, and one too many", () => {
  const { lines: [[bundle = {}], output] } = PAIRS as Record<"lines", readonly [readonly MimeBundle[], Output]>;
  assertEquals(outputProblemsOf(notebookWith(), one(output)), ["cell code-1: its output was lost"]);
  assertEquals(outputProblemsOf(notebookWith(bundle), []), ["cell code-1: it shows more than the block does"]);
});

Deno.test("an output that names a path of this machine is found", () => {
  for (const path of ["file:///a.ts", ROOT.pathname]) {
    const shown = one({ kind: "lines", lines: [path] });
    const found = outputProblemsOf(notebookWith(...lines([path]).outputs()), shown);
    assertEquals(found, ["cell code-1: its output names a path of this machine"]);
  }
});

Deno.test("a notebook that is kept with other bytes is stale, and says where", () => {
  const made = JSON.stringify(notebookWith({ "text/plain": "1" }));
  const kept = JSON.stringify(notebookWith({ "text/plain": "2" }));
  assertEquals(staleness(made, made), []);
  assertEquals(staleness(undefined, made), ["the notebook is not there: deno task notebooks --write"]);
  assertEquals(staleness(kept, made), ["the notebook is stale, first in cell code-1: deno task notebooks --write"]);
  assertEquals(staleness("<<<<", made), ["the notebook is stale, first in cell code-1: deno task notebooks --write"]);
  assertEquals(staleness(`${made} `, made), ["the notebook is stale: deno task notebooks --write"]);
});
