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

Deno.test("a report asks for nothing from outside, and its policy names the one script that may run by its hash", () => {
  const names = /https?:\/\/[^"' )]*/g;
  const addresses = new Set(page.match(names) ?? []);
  assertEquals([...addresses], ["http://www.w3.org/2000/svg"]); // the name of a language, not an address
  for (const tag of ["link", "img", "iframe", "object", "embed"]) {
    assertEquals(document.querySelectorAll(tag).length, 0, tag);
  }
  assert(!/@import|url\((?!#)/.test(page));
  const [script, ...others] = document.querySelectorAll("script");
  assertEquals(others.length, 0);
  const hash = createHash("sha256").update(script?.textContent ?? "").digest("base64");
  const policy = document.querySelector("meta[http-equiv]")?.getAttribute("content") ?? "";
  assertStringIncludes(policy, "default-src 'none'");
  assert(policy.endsWith(`; script-src 'sha256-${hash}'`), policy);
});

Deno.test("the verdict comes first, then the permission errors, then what is mapped; each for a page and for a phone", () => {
  const figures = [...document.querySelectorAll("figure .wide svg")].map((svg) => svg.getAttribute("class"));
  assertEquals(figures, ["verdicts", "errors", "stopped", "coverage-0", "coverage-1", "coverage-2"]);
  assertEquals(document.querySelectorAll("figure .narrow svg").length, figures.length);
  const platforms = [...document.querySelectorAll(".platform > summary")].map((it) => it.textContent);
  assertEquals(platforms, ["native-p6", "xen-pae", "lguest"]);
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

Deno.test("every cell leads to a panel that says why, with the hypervisor's lines", () => {
  const link = [...document.querySelectorAll(".verdicts .wide a")]
    .find((it) => it.getAttribute("aria-label")?.startsWith("write-always on xen-pae:"));
  const panel = document.getElementById(link?.getAttribute("href")?.slice(1) ?? "");
  assertStringIncludes(panel?.textContent ?? "", "refused-by-xen at write 35: the store to the entry of pfn 0x1");
  assertEquals(panel?.querySelector("pre")?.textContent, "first line of a log\nsecond line of a log");
  assertEquals(document.querySelectorAll(".why").length, SAMPLE_CELLS.length);
});

Deno.test("the panel of a real boot with errors shows the first wrong page as a walk", () => {
  const text = pageOf([...matrix({ platforms: ["native-486"], strategies: ["keep-template"] })]);
  const panel = parseHTML(text).document.querySelector(".why")?.textContent ?? "";
  assertStringIncludes(panel, "12 MiB open to user mode");
  assertStringIncludes(panel, "c0000000 in two-level paging");
  assertStringIncludes(panel, "user write        allowed");
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
  assertEquals([...parsed.querySelectorAll("script, img")].map(({ tagName }) => tagName), ["SCRIPT"]);
  const figures = parsed.querySelectorAll("figure svg").length;
  assertEquals(text.match(/<\/style>/g)?.length, 1 + figures); // the page's and one for each drawing
  const attributes = [...parsed.querySelectorAll("*")].flatMap((it) => [...it.attributes].map(({ name }) => name));
  assertEquals(attributes.filter((name) => name.startsWith("on")), []);
  assertStringIncludes(parsed.querySelector(".platform > summary")?.textContent ?? "", "<script>alert('1')</script>");
});

Deno.test("a table with thousands of runs is cut short, and says so", () => {
  const coverage = Array.from({ length: 5000 }, (_, at) => (
    { firstPfn: at * 2, pages: 2, kind: at % 2 === 0 ? "right" : "unmapped", large: false } as const
  ));
  assertStringIncludes(pageOf([sampleCell({ strategy: "s", platform: "p", coverage })]), "4,600 more rows");
});

Deno.test("files of a report have plain names, and every figure is a well-formed file of its own", () => {
  const files = reportFiles(drawFigures([...SAMPLE_CELLS, sampleCell({ strategy: "s", platform: "../a b" })]), MEMORY);
  assertEquals([...files.keys()].slice(-1), ["coverage-___a_b.svg"]);
  assertEquals(files.size, 3 + 4);
  for (const [name, text] of files) {
    if (!name.endsWith(".svg")) continue;
    assert(text.startsWith(`<?xml version="1.0" encoding="UTF-8"?>\n<svg `), name);
    assertEquals(xmlError(text.slice(text.indexOf("\n"))), undefined, name);
    assertStringIncludes(text, "prefers-color-scheme: dark");
  }
});

Deno.test("every boot can be stepped, and a void cell cannot", async () => {
  const cells = [
    ...matrix({ platforms: ["native-p6", "xen-4level"], strategies: ["linux-2.6.21", "write-always"], memory: "16M" }),
  ];
  const steppers = await steppersOf(cells);
  assertEquals(steppers.map((it) => /"title":"([^"]*)"/.exec(it?.text ?? "")?.[1]), [
    "linux-2.6.21 on native-p6, 16 MiB",
    "write-always on native-p6, 16 MiB",
    undefined,
    "write-always on xen-4level, 16 MiB",
  ]);
  const text = reportPage({ memoryBytes: 2 ** 24, figures: drawFigures(cells), steppers });
  assertEquals(parseHTML(text).document.querySelectorAll(".why template").length, 3);
});
