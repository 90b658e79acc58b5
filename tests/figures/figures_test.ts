import * as Plot from "@observablehq/plot";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  coverageMap,
  escapeMarkup,
  type Figure,
  type FigureCell,
  onPaper,
  permissionErrors,
  renderSvg,
  verdictBoard,
  verdictMatrix,
} from "../../chapters/figures/mod.ts";
import { axisWords, memoryAxis } from "../../chapters/figures/memory_axis.ts";
import { matrix } from "../../core/matrix.ts";
import { SAMPLE_CELLS, sampleCell } from "./sample_cells.ts";
import { countElements, countMarks, xmlError } from "./svg_text.ts";

const rows = SAMPLE_CELLS.map(({ row }) => row);
const native = SAMPLE_CELLS.filter(({ row }) => row.platform === "native-p6");
const FIGURES: readonly Figure[] = [
  verdictMatrix(rows),
  coverageMap("native-p6", native),
  permissionErrors(native),
];
const page = { id: "figure", scheme: "page" } as const;

/** Every other page of lowmem wrong, and every class of error in a thousand places: eleven such strategies. */
function shreddedCells(): FigureCell[] {
  const coverage = Array.from({ length: 16_384 }, (_, firstPfn) => (
    { firstPfn, pages: 1, kind: firstPfn % 2 === 0 ? "right" : "wrong-frame", large: false } as const
  ));
  const runs = Array.from({ length: 1000 }, (_, at) => [at * 16, 1] as const);
  const errors = { writablePageTable: runs, userAccessible: runs, executableData: runs, notWritable: runs };
  const names = Array.from({ length: 11 }, (_, at) => `strategy-${at}`);
  return names.map((strategy) => sampleCell({ strategy, platform: "native-p6", coverage, errors }));
}

Deno.test("a figure drawn twice gives the same bytes", () => {
  for (const figure of FIGURES) assertEquals(renderSvg(figure, page), renderSvg(figure, page));
});

Deno.test("a drawing is well-formed XML with a caption and a description", () => {
  for (const figure of FIGURES) {
    const svg = renderSvg(figure, page);
    assertEquals(xmlError(svg), undefined);
    assertStringIncludes(svg, `aria-label="${escapeMarkup(figure.caption)}"`);
    assertStringIncludes(svg, `aria-description="${escapeMarkup(figure.description)}"`);
    assertStringIncludes(svg, `xmlns="http://www.w3.org/2000/svg"`);
  }
});

Deno.test("the number of marks stays below 2,000 however many runs there are", () => {
  const cells = shreddedCells();
  assert(countMarks(renderSvg(coverageMap("native-p6", cells), page)) < 2000);
  assert(countMarks(renderSvg(permissionErrors(cells), page)) < 2000);
});

Deno.test("132 cells make a verdict matrix of less than 2,000 marks", () => {
  const platforms = Array.from({ length: 12 }, (_, at) => `platform-${at}`);
  const many = platforms.flatMap((platform) => shreddedCells().map(({ row }) => ({ ...row, platform })));
  assert(countMarks(renderSvg(verdictMatrix(many), page)) < 2000);
});

const letters = (figure: Figure) =>
  renderSvg(figure, page).replace(/<title>[^<]*<\/title>/g, "").replace(/<[^>]*>/g, "|");

Deno.test("the verdict matrix has one cell for each row, and its table a line for each strategy", () => {
  for (const layout of ["wide", "narrow"] as const) {
    const figure = verdictMatrix(rows, { layout });
    assertEquals(countElements(renderSvg(figure, page), "rect"), rows.length);
  }
  const { table } = verdictMatrix(rows);
  assertEquals(table.header, ["strategy", "native-p6", "lguest", "xen-pae"]);
  assertEquals(table.rows, [
    [
      "keep-template",
      "▲ 12 MiB open to user mode, in small pages, not global",
      "",
      "▲ 256 KiB of code cannot run, 4 MiB of data can run",
    ],
    ["write-always", "✓", "✓", "✕ refused by Xen"],
    ["panic-on-remap", "✕ remap panics", "", ""],
    ["stash-in-struct-page", "–", "", ""],
  ]);
});

Deno.test("proposals stand in groups by what becomes of them, and the headline is computed", () => {
  const [clean] = rows;
  assert(clean !== undefined);
  const board = (verdicts: Record<string, readonly boolean[]>) =>
    verdictBoard(
      Object.entries(verdicts).flatMap(([strategy, boots]) =>
        boots.map((booted, at) => ({ ...clean, strategy, platform: ["native-p6", "xen-pae"][at] ?? "", booted }))
      ),
    );
  const { groups, headline } = board({
    "filter-set-pte": [true, true],
    "write-always": [true, false],
    "panic-on-remap": [false, true],
    "stash-in-struct-page": [false, false],
  });
  assertEquals(groups.map(({ title, lines }) => `${title}: ${lines.map(({ strategy }) => strategy)}`), [
    "Right on every machine: filter-set-pte",
    "Boots on bare metal, dies under Xen: write-always",
    "Boots on some machines: panic-on-remap",
    "Boots nowhere: stash-in-struct-page",
  ]);
  assertEquals(
    headline,
    "Four rules on two machines: one is right on all of them; the one that was merged, filter-set-pte, is among them.",
  );
  const lost = board({ "filter-set-pte": [true, false], "write-always": [true, true] }).headline;
  assertEquals(
    lost,
    "Two rules on two machines: one is right on all of them; the one that was merged, filter-set-pte, is not.",
  );
});

Deno.test("the description of the verdict matrix counts the verdicts", () => {
  const { description } = verdictMatrix(rows);
  for (const said of ["2 boot with every page right", "2 boot with errors", "2 are refused or stop", "1 void"]) {
    assertStringIncludes(description, said);
  }
});

Deno.test("a cell with errors says how much memory has the worst, and what is wrong with it", () => {
  assertStringIncludes(letters(verdictMatrix(rows)), "|▲ 12 MiB||open to user||mode|");
});

Deno.test("a line names whose proposal it is, and whether it was merged", () => {
  const merged = letters(verdictMatrix([sampleCell({ strategy: "filter-set-pte", platform: "xen-pae" }).row]));
  assertStringIncludes(merged, "|filter-set-pte ✓ merged|");
  assertStringIncludes(merged, "|Jeremy Fitzhardinge, the closing idea|");
});

Deno.test("cells are links with names where they lead somewhere, and none where they do not", () => {
  assertEquals(countElements(renderSvg(verdictMatrix(rows), page), "a"), 0);
  const svg = renderSvg(verdictMatrix(rows, { href: (row) => `#${row.strategy}` }), page);
  assertEquals(countElements(svg, "a"), rows.length);
  assertStringIncludes(svg, `aria-label="write-always on lguest: boots, every page right"`);
  assert(!svg.includes(`role="img"`), "what has links in it is no image");
});

Deno.test("the table of a coverage map has every run, and its pages are those of the rows", () => {
  const { table } = coverageMap("native-p6", native);
  const pages = (fates: string[]) =>
    table.rows.reduce((sum, row) => fates.includes(String(row[3])) ? sum + Number(row[2]) : sum, 0);
  const sum = (key: "mapped" | "wrongFrame" | "unmapped") =>
    native.reduce((sum, { row, audit }) => audit === undefined ? sum : sum + row.coverage[key], 0);
  assertEquals(pages(["right frame, large page", "right frame, 4K page"]), sum("mapped"));
  assertEquals(pages(["wrong frame"]), sum("wrongFrame"));
  assertEquals(pages(["not mapped"]), sum("unmapped"));
  assertEquals(pages(["user-accessible"]), 3072);
});

Deno.test("the description of a coverage map has the counts and the permission errors of every strategy", () => {
  const { description } = coverageMap("native-p6", native);
  for (
    const said of [
      "write-always: boots, every page right (16,384 of 16,384 pages on the right frame).",
      "keep-template: boots, but 12 MiB open to user mode, in small pages, not global (16,384 of 16,384 pages on the right frame).",
      "stash-in-struct-page: no page is special here.",
      "panic-on-remap: remap panics; by then 4 KiB at a wrong frame, 56 MiB not mapped, 4 KiB of page tables writable",
    ]
  ) assertStringIncludes(description, said);
});

Deno.test("strategies with equal maps share a band that names them all; others do not", () => {
  const cells = ["a", "b"].map((strategy) => sampleCell({ strategy, platform: "p" }));
  const other = sampleCell({ strategy: "c", platform: "p", errors: { userAccessible: [[0, 1]] } });
  const found = letters(coverageMap("p", [...cells, other]));
  assertStringIncludes(found, "|a, b|");
  assertStringIncludes(found, "|c|");
});

Deno.test("the legend of a coverage map has what occurs in it, and nothing else", () => {
  const right = letters(coverageMap("p", [sampleCell({ strategy: "s", platform: "p" })]));
  assertStringIncludes(right, "|mapped, 4K page|");
  for (const absent of ["large page", "wrong frame", "not mapped", "some permission"]) {
    assert(!right.includes(absent), absent);
  }
  assertStringIncludes(letters(coverageMap("native-p6", native)), "|some permission is wrong|");
});

Deno.test("a single wrong page of 16,384 is at least a pixel and a half wide", () => {
  const svg = renderSvg(coverageMap("native-p6", native), page);
  const [, , width] = /<rect([^>]*)width="([\d.]+)"[^>]*><title>panic-on-remap, pfn 0x1: wrong frame/.exec(svg) ?? [];
  assert(Number(width) >= 1.5, width);
});

Deno.test("the first 16 MiB of 64 get most of the room where the rest is uniform, and the caption says so", () => {
  const compressed = memoryAxis(16_384, [3072, 16_384], 0, 1000);
  assertEquals([compressed.focus, compressed.x(0), compressed.x(16_384)], [4096, 0, 1000]);
  assert(compressed.x(4096) > 800);
  assertStringIncludes(axisWords(compressed), "From 16 to 64 MiB");
  const linear = memoryAxis(16_384, [16_000], 0, 1000);
  assertEquals([linear.focus, linear.x(8192), axisWords(linear)], [16_384, 500, ""]);
});

Deno.test("the table of the permission errors equals the rows, boots that stopped included", () => {
  const { table } = permissionErrors(native);
  assertEquals(table.header, [
    "strategy",
    "platform",
    "end",
    "writable page table",
    "user-accessible",
    "not writable",
    "small page",
    "not global",
  ]);
  assertEquals(table.rows, [
    ["keep-template", "native-p6", "finished", 0, 3072, 0, 3072, 3072],
    ["panic-on-remap", "native-p6", "stopped", 1, 0, 12, 0, 0],
  ]);
});

Deno.test("where no boot has an error, the picture says so", () => {
  const figure = permissionErrors([sampleCell({ strategy: "s", platform: "p" })]);
  assertEquals(figure.description, "None of 1 boots has a permission error.");
  assertStringIncludes(letters(figure), "|No permission error|");
});

Deno.test("boots with the same errors at the same places share a band, those that stopped apart from the others", () => {
  const errors = { userAccessible: [[0, 3072]] } as const;
  const stop = { kind: "remap", message: "remap", step: 1 } as const;
  const found = letters(permissionErrors([
    sampleCell({ strategy: "a", platform: "p", errors }),
    sampleCell({ strategy: "b", platform: "p", errors }),
    sampleCell({ strategy: "c", platform: "p", errors, stop }),
  ]));
  for (const said of ["a, b on p", "c on p", "Boots that finished", "Boots that stopped, at that moment"]) {
    assertStringIncludes(found, `|${said}|`);
  }
});

Deno.test("landmarks say where an error of a real boot begins and ends", () => {
  const found = letters(permissionErrors([...matrix({ platforms: ["native-486"], strategies: ["keep-template"] })]));
  for (const name of ["kernel text", "__init_end", "_end", "head.S&#39;s tables end"]) {
    assertStringIncludes(found, name);
  }
});

Deno.test("a boot that was halted by whoever asked for it has not failed", () => {
  const stop = { kind: "until", message: "stopped before write 1", step: 0 } as const;
  const figure = coverageMap("p", [sampleCell({ strategy: "s", platform: "p", stop })], "Look here.");
  assertStringIncludes(letters(figure), "|halted as asked|");
  assert(!letters(figure).includes("✕"));
  assertStringIncludes(figure.description, "s: halted as asked");
  assert(figure.caption.endsWith("Look here."));
});

Deno.test("bars have honest lengths: one page is seen, and 16 MiB are as long as the axis says", () => {
  const errors = { writablePageTable: [[5, 1]], userAccessible: [[0, 4096]] } as const;
  const svg = renderSvg(permissionErrors([sampleCell({ strategy: "s", platform: "p", errors })]), page);
  const [one = 0, all = 0] = [...svg.matchAll(/<rect[^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  const axis = memoryAxis(16_384, [4096], 10, 882);
  assertEquals([one, all], [2, Math.round((axis.x(4096) - axis.x(0)) * 100) / 100]);
});

Deno.test("the description of the permission errors has the amounts of every boot that has any", () => {
  const { description } = permissionErrors(native);
  assertStringIncludes(description, "Of 3 boots 2 have permission errors.");
  assertStringIncludes(description, "keep-template on native-p6: 12 MiB open to user mode");
  assertStringIncludes(description, "panic-on-remap on native-p6 (when it stopped): 4 KiB of page tables writable");
});

Deno.test("names that look like markup stay text", () => {
  const strategy = `"><script>alert('&')</script>\u0000\u001b`;
  const stop = { kind: "remap", message: "]]>&lt;", step: 1 } as const;
  const hostile = sampleCell({ strategy, platform: "</style>", stop, errors: { userAccessible: [[0, 1]] } });
  const figures = [
    verdictMatrix([hostile.row]),
    coverageMap("</style>", [hostile]),
    permissionErrors([hostile]),
  ];
  for (const figure of figures) {
    const svg = renderSvg(figure, page);
    assertEquals(xmlError(svg), undefined);
    assertEquals(countElements(svg, "script"), 0);
    assertStringIncludes(svg, "&lt;script&gt;");
  }
});

Deno.test("names that look like dates, numbers or colours are names", () => {
  const names = ["2007-04-28", "42", "red", "toString"];
  const cells = names.map((strategy, at) => (
    sampleCell({ strategy, platform: "p", errors: { userAccessible: [[0, at + 1]] } })
  ));
  const svg = renderSvg(coverageMap("p", cells), page);
  for (const name of names) assertStringIncludes(svg, `>${name}</text>`);
});

Deno.test("a figure for no cells at all can be drawn", () => {
  const figures = [verdictMatrix([]), coverageMap("p", []), permissionErrors([])];
  for (const figure of figures) assertEquals(xmlError(renderSvg(figure, page)), undefined);
});

Deno.test("ids within a drawing are the figure's own, and what refers to them still does", () => {
  const marks = [Plot.frame({ clip: "frame" }), Plot.dot([[1, 2], [3, 4]], { clip: "frame" })];
  const clipped: Figure = { options: { marks }, caption: "", description: "", table: { header: [], rows: [] } };
  const svg = renderSvg(clipped, { id: "mine", scheme: "page" });
  assertEquals([...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id), ["mine-1"]);
  assertEquals([...svg.matchAll(/ clip-path="url\(#([^"]*)\)"/g)].map(([, id]) => id), ["mine-1", "mine-1"]);
  assertEquals(renderSvg(clipped, { id: "mine", scheme: "page" }), svg);
});

Deno.test("an id that is none is refused", () => {
  for (const id of ["", "a b", "1a", `a"b`]) {
    assertThrows(() => renderSvg(verdictMatrix(rows), { id, scheme: "page" }), RangeError, "Expected an id");
  }
});

Deno.test("a drawing put on other paper is the drawing made for it", () => {
  for (const figure of FIGURES) {
    const dark = { id: "figure", scheme: "dark" } as const;
    assertEquals(onPaper(renderSvg(figure, page), dark), renderSvg(figure, dark));
  }
});
