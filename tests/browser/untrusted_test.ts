import { assert, assertEquals, assertGreater } from "@std/assert";
import { fileURLToPath } from "node:url";
import { run } from "../../tools/command/process.ts";
import { writtenSlugs } from "../../tools/book/chapters.ts";
import { fileOf, keptText } from "../../tools/notebooks/compare.ts";
import type { Notebook, NotebookOutput } from "../../tools/notebooks/notebook.ts";
import { environmentOrReason, pictureFolder, takePicture, withServer } from "./jupyter_lab.ts";
import { type Page, withPage } from "./chromium.ts";

const environment = await environmentOrReason();
const skipped = typeof environment === "string" ? ` (skipped: ${environment})` : "";

const FRONT_ENDS = {
  JupyterLab: { app: "jupyterlab", path: "lab/tree/notebooks" },
  "Notebook 7": { app: "notebook", path: "notebooks/notebooks" },
} as const;

/** Chapters with each kind of output: a front end takes five seconds for one. The pages that nbconvert makes are of all. */
const SOME = ["01_one_page_table", "08_keep_template", "12_verdict", "13_what_came_after"];

async function outputsOf(name: string): Promise<NotebookOutput[]> {
  const { cells }: Notebook = JSON.parse(await keptText(name) ?? '{ "cells": [] }');
  return cells.flatMap(({ outputs = [] }) => outputs);
}

function isDrawing({ data }: NotebookOutput): boolean {
  return data?.["image/svg+xml"] !== undefined;
}

interface Seen {
  /** The text of each output, as a reader sees it. */
  readonly texts: readonly string[];
  readonly images: readonly { readonly isLoaded: boolean; readonly width: number; readonly height: number }[];
  /** Cells of tables: whether all of it is a number, and where it stands. */
  readonly cells: readonly { readonly isNumber: boolean; readonly side: string }[];
}

/** What stands in place of an output that is folded until a reader has guessed. */
const FOLDED = ".jp-OutputPlaceholder .jp-Placeholder-content";

/** Opens the folded outputs of a notebook, as a reader does by a click. */
async function unfold(page: Page): Promise<void> {
  await page.locator(OUTPUT).first().waitFor();
  await page.locator(FOLDED).evaluateAll((all) => all.forEach((it) => (it as HTMLElement).click()));
}

const OUTPUT = ".jp-CodeCell .jp-OutputArea-output";

/** What stands below the code of a notebook. */
async function seen(page: Page): Promise<Seen> {
  await page.locator(OUTPUT).first().waitFor();
  const texts = await page.locator(OUTPUT).evaluateAll((all) => all.map((it) => (it as HTMLElement).innerText));
  const images = await page.locator(`${OUTPUT} img`).evaluateAll((all) =>
    all.map((it) => {
      const { naturalWidth, width, height } = it as HTMLImageElement;
      return { isLoaded: naturalWidth > 0, width, height };
    })
  );
  const cells = await page.locator(`${OUTPUT} tr:not(:first-child) td`).evaluateAll((all) =>
    all.map((it) => ({
      isNumber: /^-?[\d.]+$/.test(it.textContent ?? ""),
      side: getComputedStyle(it).textAlign,
    }))
  );
  return { texts, images, cells };
}

/** Every figure of a notebook is there as a picture, every table is a table, and no letter of markup is shown. */
async function checkSeen(page: Page, slug: string, sanitized = false): Promise<void> {
  const outputs = await outputsOf(slug);
  const { texts, images, cells } = await seen(page);
  assertEquals(texts.length, outputs.length, slug);
  assertEquals(images.length, outputs.filter(isDrawing).length, slug);
  for (const { isLoaded, width, height } of images) {
    assert(isLoaded, slug);
    assertGreater(Math.min(width, height), 30);
  }
  // nbconvert's sanitizer adds the body that a table has by the standard, and shows the tag of it: its own words, for every table.
  const own = texts.map((text) => sanitized ? text.replace("<tbody> </tbody>", "") : text);
  assertEquals(own.filter((text) => /<\/?[a-z]+[ >]|base64|font-family/.test(text)), [], slug);
  if (sanitized) return; // it drops where text stands
  for (const { isNumber, side } of cells) assert(isNumber || side === "left", `${slug}: text on the ${side}`);
}

for (const [name, { app, path }] of Object.entries(FRONT_ENDS)) {
  Deno.test({
    name: `${name} shows every figure and table of four notebooks that it does not trust${skipped}`,
    ignore: skipped !== "",
    fn: async () => {
      if (typeof environment === "string") return;
      await withServer(environment, { app, trusts: false }, async ({ page, url }) => {
        for (const slug of SOME) {
          await page.goto(`${url(`${path}/${slug}.ipynb`)}&reset`);
          await unfold(page);
          await checkSeen(page, slug);
          await takePicture(page, `${await pictureFolder()}${slug}_untrusted_${app}.png`);
        }
      });
    },
  });
}

for (const options of [[], ["--sanitize-html"]]) {
  Deno.test({
    name: `a page that ${
      ["nbconvert", ...options].join(" ")
    } makes shows every figure and table, and no script runs${skipped}`,
    ignore: skipped !== "",
    fn: async () => {
      if (typeof environment === "string") return;
      const folder = await Deno.makeTempDir();
      try {
        const files = (await writtenSlugs()).map((slug) => fileURLToPath(fileOf(slug)));
        const args = [
          "-m",
          "nbconvert",
          "--to",
          "html",
          "--log-level=ERROR",
          ...options,
          "--output-dir",
          folder,
          ...files,
        ];
        const { code, err } = await run(environment.python, args, { env: environment.env });
        assertEquals(code, 0, err);
        await withPage(async ({ page }) => {
          for (const slug of await writtenSlugs()) {
            const text = await Deno.readTextFile(`${folder}/${slug}.html`);
            const still = text.replaceAll(/<script\b[^]*?<\/script>/g, "");
            await page.setContent(still);
            await checkSeen(page, slug, options.length > 0);
          }
        });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
