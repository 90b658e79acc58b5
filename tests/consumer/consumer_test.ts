import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { PLATFORMS, STRATEGIES } from "../../mod.ts";
import { publishedFiles } from "../../tools/pack/pack.ts";
import { browserTest } from "../browser/chromium.ts";
import { denoConsumer, nodeConsumer, output, pageOf, sizeOf } from "./consumer.ts";
import { answers } from "./program.js";

const here = answers();
const installed = await nodeConsumer();
const RUN = 'import { answers } from "./program.js"; process.stdout.write(answers());';

Deno.test("the answers are those of the matrix, not of an empty one", () => {
  const { rows, coverage }: { rows: unknown[]; coverage: { lowmemPages: number } } = JSON.parse(here);
  assertEquals([rows.length, coverage.lowmemPages], [STRATEGIES.length * PLATFORMS.length, 16384]);
});

Deno.test("only the library, its licence and its README are published", async () => {
  const files = await publishedFiles();
  assertEquals(files.filter((file) => !file.startsWith("core/")), ["LICENSE", "README.md", "deno.json", "mod.ts"]);
  assert(files.length > 100);
});

Deno.test("a Deno project elsewhere imports the published files by name and gets the same answers", async () => {
  const project = await denoConsumer();
  await Deno.writeTextFile(`${project.folder}/run.js`, `import process from "node:process"; ${RUN}`);
  assertEquals(await output(Deno.execPath(), ["run", "--no-prompt", "--no-lock", "run.js"], project), here);
  await output(Deno.execPath(), ["check", "--no-lock", "typed.ts"], project);
});

const node = await output("node", ["--version"], installed).catch(() => undefined);
const name = "a Node project imports the packed JavaScript by name and gets the same answers";
Deno.test({ name: node === undefined ? `${name} (skipped: no node)` : name, ignore: node === undefined }, async () => {
  assertEquals(await output("node", ["--input-type=module", "--eval", RUN], installed), here);
});

Deno.test("the packed declarations have the types of the sources", async () => {
  await output(Deno.execPath(), ["check", "--no-lock", "--node-modules-dir=manual", "typed.ts"], installed);
});

browserTest("a page with the library in one minified script gets the same answers", async ({ page, problems }) => {
  await page.setContent(await pageOf(installed));
  await page.waitForFunction("document.body.textContent.startsWith('{')");
  assertEquals(await page.evaluate("document.body.textContent"), here);
  assertEquals(problems, []);
});

/**
 * Bytes, minified and gzipped, that a part may weigh. The compact core has 60 kB; of the others each may have a tenth more than
 * it does. Who adds to it looks here.
 */
const MAX_BYTES: Readonly<Record<string, readonly [minified: number, gzipped: number]>> = {
  "@pagetable-init/textbook": [115_000, 42_000],
  "@pagetable-init/textbook/core": [60_000, 24_000],
  "@pagetable-init/textbook/mmu": [24_000, 9_600],
  "@pagetable-init/textbook/xen": [59_000, 21_500],
};

Deno.test("the library weighs in a browser what it should", async (t) => {
  for (const [name, [minified, gzipped]] of Object.entries(MAX_BYTES)) {
    const size = await sizeOf(name, installed);
    const told = `${name}: ${size.minified} bytes minified, ${size.gzipped} gzipped`;
    await t.step(told, () => assert(size.minified <= minified && size.gzipped <= gzipped, told));
  }
  assertEquals(Object.keys(MAX_BYTES)[0], config.name);
});
