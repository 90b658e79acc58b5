import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cellText, terminalTable } from "../../tools/report/terminal_table.ts";
import { SAMPLE_CELLS, sampleCell } from "./sample_cells.ts";

const rows = SAMPLE_CELLS.map(({ row }) => row);
const plain = { columns: 120, color: false };
const IDS = Array.from({ length: 12 }, (_, at) => `platform-number-${at}`);
const wide = IDS.flatMap((platform) => rows.slice(0, 4).map((row) => ({ ...row, platform })));

Deno.test("a cell is right, has so much memory wrong, stopped, or is void", () => {
  assertEquals(rows.map(cellText), [".", "! 12M", "-", "x", "x", "! 256K", "."]);
});

Deno.test("a table without colour is the result, the cells in groups, and what is wrong in words", () => {
  assertEquals(
    terminalTable(rows, plain),
    `Four rules on three machines: none is right on all of them.

                        bare metal  other hosts  Xen 3.1
                        p6          lguest       pae
Boots everywhere, but leaves pages wrong
  keep-template         ! 12M                    ! 256K
Boots on bare metal, dies under Xen
  write-always          .           .            x
Boots nowhere
  panic-on-remap        x
Cannot be asked
  stash-in-struct-page  -

What is wrong
keep-template on native-p6: 12 MiB open to user mode, in small pages, not global
keep-template on xen-pae: 256 KiB of code cannot run, 4 MiB of data can run
write-always on xen-pae: refused by Xen
panic-on-remap on native-p6: remap panics
stash-in-struct-page on native-p6: void: no page is special here
`,
  );
});

Deno.test("colour adds escape sequences and nothing else", () => {
  const colored = terminalTable(rows, { columns: 120, color: true });
  assertStringIncludes(colored, "\x1b[34m.\x1b[0m");
  const sequences = new RegExp(`${"\x1b"}\\[\\d+m`, "g");
  assertEquals(colored.replace(sequences, ""), terminalTable(rows, plain));
});

Deno.test("no line is longer than the terminal is wide", () => {
  for (const columns of [20, 40, 60, 80, 100, 120, 200]) {
    const lines = terminalTable(wide, { columns, color: false }).split("\n");
    assert(Math.max(...lines.map((line) => line.length)) <= columns, `${columns} columns`);
    if (columns < 60) continue;
    for (const id of IDS) assertStringIncludes(lines.join("\n"), id);
  }
});

Deno.test("a terminal without room for the table gets the result and what is wrong in words", () => {
  const text = terminalTable(rows, { columns: 20, color: false });
  assertStringIncludes(text.replace(/\s+/g, " "), "write-always on xen-pae: refused by Xen");
  assertStringIncludes(text, "Four rules on three\nmachines:");
});

Deno.test("a table of one cell is a table", () => {
  const text = terminalTable([sampleCell({ strategy: "s", platform: "p" }).row], plain);
  assertEquals(
    text,
    "One rule on one machine: one is right on it.\n\n     machines\n     p\nRight on every machine\n  s  .\n",
  );
});
