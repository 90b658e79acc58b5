import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { parseHTML } from "linkedom";
import type { FigureCell } from "../../chapters/figures/mod.ts";
import { matrix } from "../../core/matrix.ts";
import { drawFigures } from "../../tools/report/figures.ts";
import { html } from "../../tools/report/html.ts";
import { reportPage } from "../../tools/report/page.ts";
import { steppersOf } from "../../tools/report/steppers.ts";
import { reportFiles } from "../../tools/report/write.ts";
import { SAMPLE_CELLS, sampleCell } from "./sample_cells.ts";
import { xmlError } from "./svg_text.ts";

const MEMORY = 64 * 2 ** 20;

function pageOf(cells: readonly FigureCell[]): string {
  return reportPage({ memoryBytes: MEMORY, figures: drawFigures(cells) });
}

const page = pageOf(SAMPLE_CELLS);
const { document } = parseHTML(page);

Deno.test("a template escapes texts and numbers, and leaves its own markup alone", () => {
  const inner = html`<b>${"<&>"}</b>`;
  assertEquals(html`<p title="${`"'`}">${[inner, 1]}</p>`.text, `<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b>1</p>`);
});

Deno.test("a report without steppers asks for nothing from outside and runs no script", () => {
  const names = /https?:\/\/[^"' )]*/g;
  const addresses = new Set(page.match(names) ?? []);
  assertEquals([...addresses], ["http://www.w3.org/2000/svg"]); // the name of a language, not an address
  for (const tag of ["script", "link", "img", "iframe", "object", "embed"]) {
    assertEquals(document.querySelectorAll(tag).length, 0, tag);
  }
  assert(!/@import|url\(/.test(page));
  const policy = document.querySelector("meta[http-equiv]")?.getAttribute("content") ?? "";
  assertStringIncludes(policy, "default-src 'none'");
});

Deno.test("the verdict matrix comes first, then every platform with its two figures", () => {
  const figures = [...document.querySelectorAll("figure svg")].map((svg) => svg.getAttribute("class"));
  assertEquals(figures, [
    "verdicts",
    "coverage-0",
    "errors-0",
    "coverage-1",
    "errors-1",
    "coverage-2",
    "errors-2",
  ]);
  const sections = [...document.querySelectorAll("section h2")].map((heading) => heading.textContent);
  assertEquals(sections, ["native-p6", "xen-pae", "lguest"]);
});

Deno.test("every link of the report leads to a heading in it", () => {
  for (const link of document.querySelectorAll("a")) {
    const id = link.getAttribute("href")?.slice(1) ?? "";
    assert(document.getElementById(id) !== null, `nothing is called ${id}`);
  }
});

Deno.test("ids are unique in the whole report", () => {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  assertEquals(ids.length, new Set(ids).size);
});

Deno.test("every figure stands with its caption, its description and its table", () => {
  for (const { figure } of [drawFigures(SAMPLE_CELLS).verdicts]) {
    assertStringIncludes(page, figure.caption);
    assertStringIncludes(page, figure.description);
    for (const name of figure.table.header) assertStringIncludes(page, `>${name}</th>`);
  }
  assertEquals(document.querySelectorAll("figure").length, document.querySelectorAll("figure + details table").length);
});

Deno.test("a refused boot stands with its reason and the hypervisor's lines", () => {
  const [section] = [...document.querySelectorAll("section")].filter((it) => it.textContent?.includes("xen-pae"));
  const item = section?.querySelector(".stops li")?.textContent ?? "";
  assertStringIncludes(item, "refused-by-xen at write 35: the store to the entry of pfn 0x1");
  assertEquals(section?.querySelector("pre")?.textContent, "first line of a log\nsecond line of a log");
});

Deno.test("a void cell stands with its reason", () => {
  assertStringIncludes(page, "no page is special here");
});

Deno.test("hostile ids, messages and log lines stay text", () => {
  const evil = `"><img src=x onerror=alert(1)><script>alert('1')</script></style>&lt;\u0000\u202e`;
  const stop = { kind: "refused-by-xen", message: evil, step: 1 } as const;
  const text = pageOf([
    sampleCell({ strategy: evil, platform: evil, stop, log: [evil, "</pre>"] }),
    sampleCell({ strategy: `x${evil}`, platform: evil, void: evil }),
  ]);
  const parsed = parseHTML(text).document;
  for (const tag of ["script", "img"]) assertEquals(parsed.querySelectorAll(tag).length, 0, tag);
  assertEquals(text.match(/<\/style>/g)?.length, 1 + 3); // the page's and one for each figure
  const attributes = [...parsed.querySelectorAll("*")].flatMap((it) => [...it.attributes].map(({ name }) => name));
  assertEquals(attributes.filter((name) => name.startsWith("on")), []);
  assertStringIncludes(parsed.querySelector("h2[id^=platform]")?.textContent ?? "", "<script>alert('1')</script>");
});

Deno.test("a table with thousands of runs is cut short, and says so", () => {
  const coverage = Array.from({ length: 5000 }, (_, at) => (
    { firstPfn: at * 2, pages: 2, kind: at % 2 === 0 ? "right" : "unmapped", large: false } as const
  ));
  assertStringIncludes(pageOf([sampleCell({ strategy: "s", platform: "p", coverage })]), "4,600 more rows");
});

Deno.test("files of a report have plain names, and every figure is a well-formed file of its own", () => {
  const files = reportFiles(drawFigures([...SAMPLE_CELLS, sampleCell({ strategy: "s", platform: "../a b" })]), MEMORY);
  assertEquals([...files.keys()].slice(-2), ["coverage-___a_b.svg", "permission-errors-___a_b.svg"]);
  assertEquals(files.size, 2 + 2 * 4);
  for (const [name, text] of files) {
    if (!name.endsWith(".svg")) continue;
    assert(text.startsWith(`<?xml version="1.0" encoding="UTF-8"?>\n<svg `), name);
    assertEquals(xmlError(text.slice(text.indexOf("\n"))), undefined, name);
    assertStringIncludes(text, "prefers-color-scheme: dark");
  }
});

Deno.test("a report with steppers runs one script, which its policy names by its hash", () => {
  const cells = [...matrix({ platforms: ["native-p6", "xen-pae"], memory: "16M" })];
  const steppers = steppersOf(cells);
  assertEquals([...steppers.keys()], ["xen-pae"]);
  const text = reportPage({ memoryBytes: 2 ** 24, figures: drawFigures(cells), steppers });
  const parsed = parseHTML(text).document;
  const scripts = [...parsed.querySelectorAll("script")].filter((it) => it.getAttribute("type") !== "application/json");
  assertEquals(scripts.length, 1);
  const hash = createHash("sha256").update(scripts[0]?.textContent ?? "").digest("base64");
  const policy = parsed.querySelector("meta[http-equiv]")?.getAttribute("content") ?? "";
  assert(policy.endsWith(`; script-src 'sha256-${hash}'`), policy);
});

Deno.test("a boot that was asked for alone is shown write by write, however it ends; others only if Xen refuses", () => {
  const cellsOf = (...strategies: string[]) => [...matrix({ platforms: ["xen-pae"], strategies, memory: "16M" })];
  const titles = (cells: readonly FigureCell[]) =>
    [...steppersOf(cells).values()].map(({ text }) => /"title":"([^"]*)"/.exec(text)?.[1]);
  assertEquals(titles(cellsOf("keep-template")), ["keep-template on xen-pae, 16 MiB"]);
  assertEquals(titles(cellsOf("keep-template", "filter-set-pte")), []);
  assertEquals(titles(cellsOf("keep-template", "write-always")), ["write-always on xen-pae, 16 MiB"]);
});

Deno.test("a boot too large to be recorded has no stepper", () => {
  const cells = [...matrix({ platforms: ["native-486"], strategies: ["write-always"], memory: "256M" })];
  assertEquals(steppersOf(cells).size, 0);
});
