import { assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { ROOT } from "../../tools/command/root.ts";
import { readChapters, writtenSlugs } from "../../tools/book/chapters.ts";
import { trustNotebooks } from "../../tools/jupyter/lab.ts";
import { buildNotebooks } from "../../tools/notebooks/check.ts";
import { keptText } from "../../tools/notebooks/compare.ts";
import { execute } from "../../tools/notebooks/execute.ts";
import { storedNotebook } from "../../tools/notebooks/stored.ts";
import type { Notebook, NotebookCell } from "../../tools/notebooks/notebook.ts";
import { environmentOrReason, type Lab, pictureFolder, type RunCell, withLab } from "./jupyter_lab.ts";

const environment = await environmentOrReason();
const reason = typeof environment === "string" ? ` (skipped: ${environment})` : "";
const { promise: over, resolve: end } = Promise.withResolvers<void>();
const { promise: started, resolve: start, reject: fail } = Promise.withResolvers<Lab>();
let server: Promise<void> = Promise.resolve();

Deno.test.beforeAll(() => {
  if (typeof environment === "string") return;
  server = withLab(environment, (lab) => {
    start(lab);
    return over;
  });
  server.catch(fail);
});
Deno.test.afterAll(async () => {
  end();
  await server;
});

/** A test in the page with JupyterLab, which lasts from the first test to the last. */
function labTest(name: string, fn: (lab: Lab) => Promise<void>): void {
  const ignore = reason !== "";
  Deno.test({
    name: name + reason,
    ignore,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => fn(await started),
  });
}

async function codeCellsOf(name: string): Promise<NotebookCell[]> {
  const { cells }: Notebook = JSON.parse(await keptText(name) ?? '{ "cells": [] }');
  return cells.filter(({ cell_type }) => cell_type === "code");
}

/** What the cells have after a run when nothing fails and nothing is lost. */
function expectedCells(kept: readonly NotebookCell[]): RunCell[] {
  return kept.map(({ outputs = [] }, at) => ({ executionCount: at + 1, outputs: outputs.map((it) => it.output_type) }));
}

/** Width and height in the page of every figure, scrolled into view. */
async function figureSizes({ page }: Lab): Promise<{ readonly width: number; readonly height: number }[]> {
  const figures = page.locator(".jp-CodeCell .jp-RenderedSVG img");
  const sizes = [];
  for (let at = 0; at < await figures.count(); at++) {
    await figures.nth(at).scrollIntoViewIfNeeded();
    const { width = 0, height = 0 } = await figures.nth(at).boundingBox() ?? {};
    sizes.push({ width, height });
  }
  return sizes;
}

/** Moves through every boot of a notebook by its slider, and by a key on it. Returns their number. */
async function moveSliders({ page }: Lab): Promise<number> {
  const steppers = page.locator(".boot-stepper");
  for (let at = 0; at < await steppers.count(); at++) {
    const stepper = steppers.nth(at);
    const slider = stepper.getByLabel("Write", { exact: true });
    const number = stepper.getByLabel("Number of the write");
    await slider.scrollIntoViewIfNeeded();
    assertEquals(await slider.inputValue(), await number.inputValue());
    const before = await stepper.locator("table").allTextContents();
    await slider.press("Home");
    assertEquals([await slider.inputValue(), await number.inputValue()], ["0", "0"]);
    assertNotEquals(await stepper.locator("table").allTextContents(), before);
    await slider.press("ArrowRight");
    assertEquals(await number.inputValue(), "1");
    assertGreater((await stepper.locator("canvas").boundingBox())?.width ?? 0, 100);
  }
  return await steppers.count();
}

for (const name of await writtenSlugs()) {
  labTest(
    `${name} runs in JupyterLab from a restarted kernel, and its figures are seen in both themes`,
    async (lab) => {
      const kept = await codeCellsOf(name);
      await lab.open(name);
      try {
        assertEquals(await lab.runAll(), expectedCells(kept));
        const drawn = kept.filter(({ outputs = [] }) =>
          outputs.some(({ data }) => data?.["image/svg+xml"] !== undefined)
        );
        const sizes = await figureSizes(lab);
        const steppers = await moveSliders(lab);
        assertEquals(steppers, name === "07_write_always" ? 1 : 0);
        assertEquals(sizes.length + steppers, drawn.length, "each is shown as a drawing, or to step through");
        for (const { width, height } of sizes) assertGreater(Math.min(width, height), 30);
        for (const theme of ["dark", "light"] as const) {
          await lab.changeTheme(theme);
          await lab.takePicture(`${await pictureFolder()}${name}_${theme}.png`);
        }
      } finally {
        await lab.close();
      }
    },
  );
}

Deno.test({
  name: `a notebook opened from the project's own folder runs as well as from its own${reason}`,
  ignore: reason !== "",
  fn: async () => {
    if (typeof environment === "string") return;
    const notebooks = await buildNotebooks(await readChapters([1]));
    const [executed] = await execute(notebooks, environment, ROOT);
    assertEquals(executed?.error, null);
    assertEquals(await storedNotebook(executed?.text ?? ""), await keptText("01_one_page_table"));
  },
});

labTest("the figures of a notebook that was not run yet are seen, since its outputs are trusted", async (lab) => {
  if (typeof environment !== "string") await trustNotebooks(environment);
  await lab.open("01_one_page_table");
  assertGreater((await figureSizes(lab)).length, 2);
  await lab.close();
});

labTest("nothing in JupyterLab asks another machine", async ({ problems }) => {
  assertEquals(problems.filter((problem) => problem.startsWith("request: ")), []);
  await Promise.resolve();
});
