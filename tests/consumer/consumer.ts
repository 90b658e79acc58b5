/**
 * Folders as other people have them, with the packed library in them.
 *
 * @module
 */

import { run } from "../../tools/command/process.ts";
import config from "../../deno.json" with { type: "json" };
import { NAMES } from "../../tools/offline/names.ts";
import { bundle, type BundleSize, packForDeno, packForNode, weightOf } from "../../tools/pack/pack.ts";

/** A copy of the tests' programs, outside the project, and how it finds the library. */
export interface Consumer {
  readonly folder: string;
}

async function copyOf(program: string, folder: string): Promise<void> {
  await Deno.copyFile(new URL(program, import.meta.url), `${folder}/${program}`);
}

async function consumer(settings: string, contents: unknown): Promise<Consumer> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${folder}/${settings}`, JSON.stringify(contents));
  await copyOf("program.js", folder);
  await copyOf("typed.ts", folder);
  return { folder };
}

/** A Deno project that imports the published files by the name that they have on JSR. */
export async function denoConsumer(): Promise<Consumer> {
  const made = await consumer("deno.json", {
    imports: { [config.name]: `jsr:${config.name}@^${config.version}` },
    links: ["./packed"],
  });
  await packForDeno(`${made.folder}/packed`);
  return made;
}

/** A Node project with the package installed where `npm install` puts it. */
export async function nodeConsumer(): Promise<Consumer> {
  const made = await consumer("package.json", { type: "module", dependencies: { [config.name]: config.version } });
  const place = `${made.folder}/node_modules/${config.name}`;
  await Deno.mkdir(place, { recursive: true });
  await packForNode(`${made.folder}/packed.tgz`);
  await output("tar", ["-xzf", "packed.tgz", "-C", place, "--strip-components=1"], made);
  return made;
}

/**
 * Runs a program in a consumer's folder.
 *
 * @param program The program.
 * @param args Its arguments.
 * @param consumer The folder.
 * @returns What it printed.
 * @throws {Error} If it fails, with what it said.
 */
export async function output(program: string, args: readonly string[], { folder }: Consumer): Promise<string> {
  const { code, out, err } = await run(program, args, { cwd: folder, env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${out}${err}`);
  return out;
}

/** A page that has the program and the library in one minified script, and puts the answers into its title. */
export async function pageOf({ folder }: Consumer): Promise<string> {
  await Deno.writeTextFile(
    `${folder}/page.js`,
    'import { answers } from "./program.js";\ndocument.body.textContent = answers();\n',
  );
  await bundle(`${folder}/page.js`, `${folder}/page.min.js`, folder);
  const page = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module">';
  const script = await Deno.readTextFile(`${folder}/page.min.js`);
  return `${page}${script.replaceAll("</script", "<\\/script")}</script></body>`;
}

/** Names of npm programs that judge the package; `deno.json` pins their versions. */
export type Checker = "@arethetypeswrong/cli" | "esbuild" | "publint" | "typescript";

/**
 * Runs an npm program in a consumer's folder.
 *
 * @param checker Its name in `deno.json`.
 * @param args Its arguments.
 * @param consumer The folder.
 * @returns What it printed.
 * @throws {Error} If it fails, with what it said.
 */
export async function checker(checker: Checker, args: readonly string[], consumer: Consumer): Promise<string> {
  const program = `${NAMES.imports[checker]}${checker === "typescript" ? "/tsc" : ""}`;
  const options = ["run", "-A", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=none"];
  return await output(Deno.execPath(), [...options, program, ...args], consumer);
}

/** What code weighs as one minified script, with all that it needs of the installed package. */
export async function sizeOf(code: string, consumer: Consumer): Promise<BundleSize> {
  await Deno.writeTextFile(`${consumer.folder}/size.js`, code);
  await checker("esbuild", ["size.js", "--bundle", "--minify", "--format=esm", "--outfile=size.min.js"], consumer);
  return await weightOf(`${consumer.folder}/size.min.js`);
}
