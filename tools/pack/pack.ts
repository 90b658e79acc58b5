/**
 * The library as it reaches others: the files that are published, the package that npm users get of them, and bundles for a browser.
 *
 * @module
 */

import { Misuse } from "../command/arguments.ts";
import { firstError, run, runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { withScratch } from "../command/scratch.ts";
import { makeFolder, writeWhole } from "../command/whole_file.ts";
import { packedPage } from "./links.ts";
import { METADATA, type Metadata } from "./metadata.ts";

/** A file of `deno publish --dry-run`, as it is printed there. */
const PUBLISHED = /^\s*(file:\S+) \([\d.]+[kM]?B\)$/i;

async function deno(args: readonly string[], cwd: URL | string = ROOT): Promise<string> {
  const { code, out, err } = await runDeno(args, { cwd, env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Misuse(`deno ${args[0]} failed: ${firstError(out + err)}`);
  return out + err;
}

/**
 * The files that `deno publish` takes.
 *
 * @returns Their paths, from the root of the project, in order.
 */
export async function publishedFiles(): Promise<string[]> {
  const said = await deno(["publish", "--dry-run", "--allow-dirty", "--no-check"]);
  const urls = said.split("\n").flatMap((line) => PUBLISHED.exec(line)?.[1] ?? []);
  return urls.map((url) => decodeURIComponent(url.slice(ROOT.href.length))).sort();
}

/**
 * Copies the published files, nothing else. The links of their pages lead out of the package.
 *
 * @param folder Where to: it is made.
 * @returns The paths copied.
 */
export async function packForDeno(folder: string): Promise<string[]> {
  const files = await publishedFiles();
  for (const file of files) {
    const target = `${folder}/${file}`;
    await makeFolder(target.slice(0, target.lastIndexOf("/")));
    await Deno.copyFile(new URL(file, ROOT), target);
  }
  await writePages(folder, files);
  return files;
}

/**
 * Makes the package that npm users get: JavaScript, declarations, pages, `package.json`.
 *
 * @param path The archive to write, `*.tgz`.
 */
export async function packForNode(path: string): Promise<void> {
  const files = await publishedFiles();
  await withScratch(async (folder) => {
    await deno(["pack", "--allow-dirty", "--no-source-maps", "--output", `${folder}/raw.tgz`]);
    await tar(["-xzf", "raw.tgz"], folder);
    const manifest = `${folder}/package/package.json`;
    await writeWhole(manifest, packageJson(await Deno.readTextFile(manifest), METADATA));
    await writePages(`${folder}/package`, files);
    await tar(["-czf", "packed.tgz", "package"], folder);
    await Deno.copyFile(`${folder}/packed.tgz`, path);
  });
}

/**
 * `package.json` with what registries show.
 *
 * @param text `package.json` as `deno pack` makes it.
 * @param metadata What is added.
 * @returns Its new text.
 */
export function packageJson(text: string, { repository, ...shown }: Metadata): string {
  const { name, version, ...made } = JSON.parse(text);
  const place = repository === "" ? {} : { repository: { type: "git", url: `git+${repository}.git` } };
  return `${JSON.stringify({ name, version, ...shown, ...place, sideEffects: false, ...made }, null, 2)}\n`;
}

/** Writes the packed pages, their links mended. */
async function writePages(folder: string, files: readonly string[]): Promise<void> {
  const packed = { files: new Set(files), repository: METADATA.repository };
  for (const file of files.filter((file) => file.endsWith(".md"))) {
    const target = `${folder}/${file}`;
    await makeFolder(target.slice(0, target.lastIndexOf("/")));
    await writeWhole(target, packedPage(await Deno.readTextFile(new URL(file, ROOT)), file, packed));
  }
}

async function tar(args: readonly string[], folder: string): Promise<void> {
  const { code, err } = await run("tar", args, { cwd: folder });
  if (code !== 0) throw new Error(`tar ${args.join(" ")} failed:\n${err}`);
}

/** Bytes of a bundle. */
export interface BundleSize {
  /** As the browser reads it. */
  readonly minified: number;
  /** As a server sends it. */
  readonly gzipped: number;
}

/**
 * Bundles a module and all that it imports into one minified file for a browser.
 *
 * @param entry The module.
 * @param output The file to write.
 * @param folder The folder in which imports by name are looked up.
 * @returns Its size.
 */
export async function bundle(entry: string, output: string, folder: URL | string = ROOT): Promise<BundleSize> {
  await deno(["bundle", "--quiet", "--platform", "browser", "--minify", "--output", output, entry], folder);
  return await weightOf(output);
}

/**
 * The sizes of a bundle.
 *
 * @param path The file.
 * @returns Its size.
 */
export async function weightOf(path: string): Promise<BundleSize> {
  const bytes = await Deno.readFile(path);
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return { minified: bytes.length, gzipped: (await new Response(packed).bytes()).length };
}
