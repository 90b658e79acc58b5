import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { addressFields, addressMap, type Figure, renderSvg, tableTree } from "../../chapters/mod.ts";
import { tablesOf } from "../../core/tables/mod.ts";
import { boot, CPUS, explain, Machine, MODES, PhysicalMemory } from "../../mod.ts";
import { countMarks, xmlError } from "../figures/svg_text.ts";

/** Two-level tables: one page, a table of 300 pages for user mode, and a directory that maps itself. */
function machine(): Machine {
  const it = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
  it.memory.write(0x1, 768, 0x2003);
  it.memory.write(0x2, 256, 0x300003);
  it.memory.write(0x1, 769, 0x3007);
  for (let i = 0; i < 300; i++) it.memory.write(0x3, i, (0x400 + i) * 4096 + 7);
  it.memory.write(0x1, 1023, 0x1003);
  it.writeCr3(0x1000);
  it.writeCr0(0x8000_0001);
  return it;
}

const booted = boot({ platform: "native-486", strategy: "write-always" }).machine;
const pae = boot({ platform: "native-k8-pae", strategy: "write-always" }).machine;
const figures: Readonly<Record<string, () => Figure>> = {
  "two-level fields": () => addressFields(MODES["two-level"], 0xc0100abc),
  "5-level fields": () => addressFields(MODES["5-level"], "ffff888000100abc"),
  "a tree with a walk": () => tableTree(tablesOf(machine()), explain(machine(), 0xc0100abc)),
  "the tree of a kernel": () => tableTree(tablesOf(booted)),
  "the tree of a kernel with PAE": () => tableTree(tablesOf(pae), explain(pae, 0xc0400000)),
  "a map": () => addressMap(tablesOf(machine()), "something"),
  "the map of a kernel": () => addressMap(tablesOf(booted), "all"),
};

for (const [name, figure] of Object.entries(figures)) {
  Deno.test(`${name}: well-formed, the same twice, below 2,000 marks, with words and data`, () => {
    const svg = renderSvg(figure(), { id: "figure", scheme: "auto" });
    assertEquals(xmlError(svg), undefined);
    assertEquals(renderSvg(figure(), { id: "figure", scheme: "auto" }), svg);
    assert(countMarks(svg) < 2000, `${countMarks(svg)} marks`);
    const { caption, description, table } = figure();
    assert(caption.endsWith(".") && description.length > 40 && table.rows.length > 0 && table.rows.length <= 60);
    for (const row of table.rows) assertEquals(row.length, table.header.length);
  });
}

Deno.test("the fields of an address are those of its mode, down to the size of the page", () => {
  const values = (figure: Figure) => figure.table.rows.map(([, bits, value]) => [bits, value]);
  assertEquals(values(addressFields(MODES["two-level"], 0xc0100abc)), [["31..22", 768], ["21..12", 256], [
    "11..0",
    0xabc,
  ]]);
  assertEquals(values(addressFields(MODES.pae, 0xffe00123, 21)), [["31..30", 3], ["29..21", 511], ["20..0", 0x123]]);
  assertEquals(values(addressFields(MODES["4-level"], "ffff888000100abc"))[0], ["47..39", 273]);
});

Deno.test("a frame that serves at two levels stands in the tree twice", () => {
  const { table } = tableTree(tablesOf(machine()));
  const levels = table.rows.filter(([frame]) => frame === "0x1").map(([, level]) => level);
  assertEquals([...new Set(levels)], ["PDE", "PTE"]);
});

Deno.test("alike entries of a tree are one row: 300 pages of consecutive frames", () => {
  const row = tableTree(tablesOf(machine())).table.rows.find(([frame, , index]) =>
    frame === "0x3" && index === "0–299"
  );
  assertEquals(row?.[4], "300 pages from frame 0x400");
});

Deno.test("large pages follow each other by their size", () => {
  const { table } = tableTree(tablesOf(pae));
  const row = table.rows.find(([, , , flags]) => String(flags).includes("PS") && String(flags).includes("NX"));
  assertEquals(row?.[4], "29 pages from frame 0x600");
});

Deno.test("the walk that is marked is named in the description", () => {
  const { description } = tableTree(tablesOf(machine()), explain(machine(), 0xc0100abc));
  assertStringIncludes(description, "The walk reads PDE 768, then PTE 256.");
});

Deno.test("a map counts its squares: whole, in part, open to user mode", () => {
  assertStringIncludes(addressMap(tablesOf(booted), "all").description, "16 wholly mapped, 0 in part");
  const { description } = addressMap(tablesOf(machine()), "it");
  assertStringIncludes(description, "0 wholly mapped, 3 in part");
  assertStringIncludes(description, "open to user mode: 1.");
});

Deno.test("a map shortens what is empty and says how much it is", () => {
  const svg = renderSvg(addressMap(tablesOf(booted), "all"), { id: "map", scheme: "light" });
  assertStringIncludes(svg, "0x00000000 to 0xbfffffff: 3,072 MiB, nothing mapped");
  assertStringIncludes(svg, "0xc8000000 to 0xffffffff: 896 MiB, nothing mapped");
  assert(Number(addressMap(tablesOf(booted), "all").options.height) < 150);
});

Deno.test("a map of a wide address space is refused", () => {
  const tables = { ...tablesOf(machine()), mode: MODES["4-level"] };
  assertThrows(() => addressMap(tables, "too much"), RangeError, "Expected 32-bit addresses");
});
