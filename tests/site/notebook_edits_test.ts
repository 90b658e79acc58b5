import { assert, assertEquals } from "@std/assert";
import { withEdits } from "../../tools/site/client/notebook.ts";

const JSON_TEXT = await Deno.readTextFile(new URL("../../notebooks/01_one_page_table.ipynb", import.meta.url));

interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
}

const cellsOf = (json: string): Cell[] => JSON.parse(json).cells;

Deno.test("a notebook takes the reader's edits into their cells, and what these showed goes", () => {
  const before = cellsOf(JSON_TEXT);
  const at = before.findIndex(({ cell_type, outputs = [] }) => cell_type === "code" && outputs.length > 0);
  const original = before[at]?.source.join("") ?? "";
  const after = cellsOf(withEdits(JSON_TEXT, [{ original: `${original}\n`, source: "const a = 1;\na;" }]));
  assertEquals(after[at]?.source, ["const a = 1;\n", "a;"]);
  assertEquals(after[at]?.outputs, []);
  assertEquals(after.toSpliced(at, 1), before.toSpliced(at, 1));
});

Deno.test("an edit of a block that the notebook does not have changes nothing", () => {
  const after = withEdits(JSON_TEXT, [{ original: "nowhere", source: "1" }]);
  assertEquals(cellsOf(after), cellsOf(JSON_TEXT));
  assert(JSON.parse(after).nbformat === 4);
});
