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
  verdictMatrix,
} from "../../chapters/figures/mod.ts";
import { SAMPLE_CELLS, sampleCell } from "./sample_cells.ts";
import { countElements, countMarks, xmlError } from "./svg_text.ts";

const rows = SAMPLE_CELLS.map(({ row }) => row);
const native = SAMPLE_CELLS.filter(({ row }) => row.platform === "native-p6");
const nativeRows = native.map(({ row }) => row);
const FIGURES: readonly Figure[] = [
  verdictMatrix(rows),
  coverageMap("native-p6", native),
  permissionErrors("native-p6", nativeRows),
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
  assert(countMarks(renderSvg(permissionErrors("native-p6", cells.map(({ row }) => row)), page)) < 2000);
});

Deno.test("132 cells make a verdict matrix of less than 2,000 marks", () => {
  const platforms = Array.from({ length: 12 }, (_, at) => `platform-${at}`);
  const many = platforms.flatMap((platform) => shreddedCells().map(({ row }) => ({ ...row, platform })));
  assert(countMarks(renderSvg(verdictMatrix(many), page)) < 2000);
});

Deno.test("the verdict matrix has one cell for each row, and its table one line", () => {
  const figure = verdictMatrix(rows);
  assertEquals(countElements(renderSvg(figure, page), "rect"), rows.length);
  assertEquals(figure.table.rows.map(([strategy, platform]) => `${strategy} ${platform}`), [
    "write-always native-p6",
    "keep-template native-p6",
    "stash-in-struct-page native-p6",
    "panic-on-remap native-p6",
    "write-always xen-pae",
    "keep-template xen-pae",
    "write-always lguest",
  ]);
});

Deno.test("the description of the verdict matrix counts the verdicts", () => {
  const { description } = verdictMatrix(rows);
  for (const said of ["2 boot with every page right", "2 boot with errors", "2 are refused or stop", "1 void"]) {
    assertStringIncludes(description, said);
  }
});

Deno.test("a cell with errors names the worst, its pages and how many more kinds there are", () => {
  const letters = renderSvg(verdictMatrix(nativeRows), page).replace(/<[^>]*>/g, "|");
  assertStringIncludes(letters, "|3,072||user +2|");
});

Deno.test("the table of a coverage map has every run, and its pages are those of the rows", () => {
  const { table } = coverageMap("native-p6", native);
  const pages = (fates: string[]) =>
    table.rows.reduce((sum, row) => fates.includes(String(row[3])) ? sum + Number(row[2]) : sum, 0);
  const sum = (key: "mapped" | "wrongFrame" | "unmapped") =>
    native.reduce((sum, { row, audit }) => audit === undefined ? sum : sum + row.coverage[key], 0);
  assertEquals(pages(["right, large", "right, 4K"]), sum("mapped"));
  assertEquals(pages(["wrong frame"]), sum("wrongFrame"));
  assertEquals(pages(["not mapped"]), sum("unmapped"));
});

Deno.test("the description of a coverage map has the counts of every strategy", () => {
  const { description } = coverageMap("native-p6", native);
  for (
    const said of [
      "write-always: all 16,384 pages right.",
      "keep-template: all 16,384 pages right.",
      "stash-in-struct-page: void.",
      "panic-on-remap (when it stopped): 2,047 of 16,384 pages right, 1 at a wrong frame, 14,336 not mapped.",
    ]
  ) assertStringIncludes(description, said);
});

Deno.test("a single wrong page of 16,384 is a pixel and a half wide", () => {
  const svg = renderSvg(coverageMap("native-p6", native), page);
  const [, , width] = /<rect([^>]*)width="([\d.]+)"[^>]*><title>panic-on-remap, pfn 0x1: wrong frame/.exec(svg) ?? [];
  assertEquals(Number(width), 1.5);
});

Deno.test("the table of a permission-error chart equals the rows", () => {
  const { table } = permissionErrors("native-p6", nativeRows);
  const line = table.rows.find(([name]) => name === "keep-template");
  assertEquals(line, ["keep-template", 0, 3072, 0, 3072, 3072]);
});

Deno.test("a class of permission errors that no strategy has is no column, and the caption names it", () => {
  const { caption, table } = permissionErrors("native-p6", nativeRows);
  assertEquals(table.header, [
    "strategy",
    "writable page table",
    "user-accessible",
    "not writable",
    "small page",
    "not global",
  ]);
  assertStringIncludes(caption, "No strategy has any of the other classes: non-executable text, executable data.");
});

Deno.test("where no strategy has an error, the chart has a column for each class", () => {
  const { caption, table } = permissionErrors("p", [sampleCell({ strategy: "s", platform: "p" }).row]);
  assertEquals(table.header.length, 8);
  assertEquals(caption, "Permission errors on p, in 4K pages, worst class first.");
});

Deno.test("a boot that was halted by whoever asked for it has not failed", () => {
  const stop = { kind: "until", message: "stopped before write 1", step: 0 } as const;
  const figure = coverageMap("p", [sampleCell({ strategy: "s", platform: "p", stop })], "Look here.");
  const letters = renderSvg(figure, page).replace(/<[^>]*>/g, "|");
  assertStringIncludes(letters, "|halted here|");
  assert(!letters.includes("✕"));
  assertStringIncludes(figure.description, "s (when it was halted): all");
  assert(figure.caption.endsWith("in which size. Look here."));
});

Deno.test("one page and 16,384 pages both have a bar that can be seen", () => {
  const errors = { writablePageTable: [[5, 1]], userAccessible: [[0, 16_384]] } as const;
  const svg = renderSvg(permissionErrors("p", [sampleCell({ strategy: "s", platform: "p", errors }).row]), page);
  const [one = 0, all = 0] = [...svg.matchAll(/<rect[^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  assert(one > 5, `one page is ${one} px wide`);
  assert(all > 300 && all < 400, `all pages are ${all} px wide`);
});

Deno.test("the description of a permission-error chart has the counts of every strategy", () => {
  const { description } = permissionErrors("native-p6", nativeRows);
  assertStringIncludes(description, "keep-template: user-accessible (3,072 pages)");
  assertStringIncludes(description, "panic-on-remap (when it stopped): writable page table (1 page)");
  assertStringIncludes(description, "write-always: none");
});

Deno.test("names that look like markup stay text", () => {
  const strategy = `"><script>alert('&')</script>\u0000\u001b`;
  const hostile = sampleCell({ strategy, platform: "</style>", stop: { kind: "remap", message: "]]>&lt;", step: 1 } });
  const figures = [
    verdictMatrix([hostile.row]),
    coverageMap("</style>", [hostile]),
    permissionErrors("</style>", [hostile.row]),
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
  const cells = names.map((strategy) => sampleCell({ strategy, platform: "p" }));
  const svg = renderSvg(coverageMap("p", cells), page);
  for (const name of names) assertStringIncludes(svg, `>${name}</text>`);
});

Deno.test("a figure for no cells at all can be drawn", () => {
  const figures = [verdictMatrix([]), coverageMap("p", []), permissionErrors("p", [])];
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
