import { assert, assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { PLATFORMS, STRATEGIES } from "../../mod.ts";
import { publishedFiles } from "../../tools/pack/pack.ts";
import { browserTest } from "../browser/chromium.ts";
import { checker, denoConsumer, nodeConsumer, output, pageOf, sizeOf } from "./consumer.ts";
import { answers } from "./program.js";

const here = answers();
const installed = await nodeConsumer();
const RUN = 'import { answers } from "./program.js"; process.stdout.write(answers());';

Deno.test("the answers are those of the matrix, not of an empty one", () => {
  const { rows, coverage }: { rows: unknown[]; coverage: { lowmemPages: number } } = JSON.parse(here);
  assertEquals([rows.length, coverage.lowmemPages], [STRATEGIES.length * PLATFORMS.length, 16384]);
});

Deno.test("only the library, its licence and its pages are published", async () => {
  const files = await publishedFiles();
  const others = ["CHANGELOG.md", "LICENSE", "README.md", "deno.json", "docs/traps.md", "mod.ts", "tools/imports.json"];
  assertEquals(files.filter((file) => !file.startsWith("core/")), others);
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

const reachable = await checker("publint", ["--version"], installed).then(() => true, () => false);
const ignore = !reachable;
const withNpm = (name: string) => reachable ? name : `${name} (skipped: no npm registry)`;

Deno.test({ name: withNpm("publint has nothing to say about the package"), ignore }, async () => {
  const place = `node_modules/${config.name}`;
  assertMatch(await checker("publint", [place, "--pack", "false", "--strict"], installed), /All good/);
});

Deno.test(
  { name: withNpm("the types of every export are found, and are those of its JavaScript"), ignore },
  async () => {
    await checker("@arethetypeswrong/cli", ["packed.tgz", "--profile", "esm-only"], installed);
  },
);

Deno.test({
  name: withNpm("TypeScript 5.0, the oldest that it is for, takes all declarations in its strictest mode"),
  ignore,
}, async () => {
  const lines = Object.keys(config.exports).map((part, i) =>
    `import * as part${i} from "${config.name}${part.slice(1)}";\nexport { part${i} };\n`
  );
  await Deno.writeTextFile(`${installed.folder}/every_part.ts`, lines.join(""));
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: "nodenext",
    target: "es2022",
    types: [],
    noEmit: true,
  };
  const files = ["every_part.ts", "typed.ts"];
  await Deno.writeTextFile(`${installed.folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files }));
  await checker("typescript", ["-p", "."], installed);
});

/**
 * Bytes that a part may weigh in a page, minified by esbuild. Who adds to it looks here. The aims for the MMU, `boot` and all were 20, 85 and
 * 110 kB; docs/performance.md says what is above them.
 */
const MAX_BYTES: readonly (readonly [what: string, code: string, bytes: number])[] = [
  ["only a constant", `export { P } from "${config.name}/mmu";`, 1_000],
  ["the table of modes", `export { MODES } from "${config.name}";`, 1_500],
  ["the rules of Xen", `export { XEN_RULES } from "${config.name}";`, 4_000],
  ["the table of strategies, without a host", `export { STRATEGIES } from "${config.name}";`, 23_500],
  ["the MMU alone", `export * from "${config.name}/mmu";`, 33_000],
  ["the audit, without a boot", `export { audit } from "${config.name}";`, 42_700],
  ["boot", `export { boot } from "${config.name}";`, 122_100],
  ["all", `export * from "${config.name}";`, 155_400],
];

for (const [what, code, bytes] of MAX_BYTES) {
  Deno.test({ name: withNpm(`${what} weighs at most ${bytes} bytes in a page`), ignore }, async () => {
    const { minified, gzipped } = await sizeOf(code, installed);
    assert(minified <= bytes, `Expected at most ${bytes} bytes but found ${minified}, gzipped ${gzipped}`);
  });
}
