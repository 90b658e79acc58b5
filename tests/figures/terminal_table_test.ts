import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cellText, terminalTable } from "../../tools/report/terminal_table.ts";
import { SAMPLE_CELLS, sampleCell } from "./sample_cells.ts";

const rows = SAMPLE_CELLS.map(({ row }) => row);
const plain = { columns: 120, color: false };
const IDS = Array.from({ length: 12 }, (_, at) => `platform-number-${at}`);
const wide = IDS.flatMap((platform) => rows.slice(0, 4).map((row) => ({ ...row, platform })));

Deno.test("a cell says ok, the worst defect, what stopped it, or void", () => {
  assertEquals(rows.map(cellText), [
    "ok",
    "! 3072 user +2",
    "void",
    "stop: remap",
    "stop: refused",
    "! 64 text nx +1",
    "ok",
  ]);
});

Deno.test("a table without colour is the table in lines of plain text", () => {
  assertEquals(
    terminalTable(rows, plain),
    `                      native-         xen-
                      p6              pae              lguest
write-always          ok              stop: refused    ok
keep-template         ! 3072 user +2  ! 64 text nx +1
stash-in-struct-page  void
panic-on-remap        stop: remap
`,
  );
});

Deno.test("colour adds escape sequences and nothing else", () => {
  const colored = terminalTable(rows, { columns: 120, color: true });
  assertStringIncludes(colored, "\x1b[34mok\x1b[0m");
  const sequences = new RegExp(`${"\x1b"}\\[\\d+m`, "g");
  assertEquals(colored.replace(sequences, ""), terminalTable(rows, plain));
});

Deno.test("no line is longer than the terminal is wide", () => {
  for (const columns of [60, 80, 100, 120, 200]) {
    const lines = terminalTable(wide, { columns, color: false }).split("\n");
    assert(Math.max(...lines.map((line) => line.length)) <= columns, `${columns} columns`);
    for (const id of IDS) assertStringIncludes(lines.join("\n"), id.slice("platform-".length));
  }
});

Deno.test("a terminal narrower than one column still gets every cell", () => {
  const text = terminalTable(wide, { columns: 10, color: false });
  assertEquals(text.match(/void/g)?.length, 12);
});

Deno.test("a table of one cell is a table", () => {
  assertEquals(terminalTable([sampleCell({ strategy: "s", platform: "p" }).row], plain), "   p\ns  ok\n");
});
