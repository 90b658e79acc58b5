/**
 * The library as it reaches others: the files that are published, the package that npm users get of them, and bundles for a browser.
 *
 * @module
 */

import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";

/** A file of `deno publish --dry-run`, as it is printed there. */
const PUBLISHED = /^\s*(file:\S+) \([\d.]+[kM]?B\)$/i;

async function deno(args: readonly string[], cwd: URL | string = ROOT): Promise<string> {
  const { code, out, err } = await runDeno(args, { cwd, env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Error(`deno ${args[0]} failed:\n${out}${err}`);
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
 * Copies the published files, nothing else.
 *
 * @param folder Where to: it is made.
 * @returns The paths copied.
 */
export async function packForDeno(folder: string): Promise<string[]> {
  const files = await publishedFiles();
  for (const file of files) {
    const target = `${folder}/${file}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(new URL(file, ROOT), target);
  }
  return files;
}

/**
 * Makes the package that npm users get: JavaScript, declarations, `package.json`.
 *
 * @param path The archive to write, `*.tgz`.
 */
export async function packForNode(path: string): Promise<void> {
  await deno(["pack", "--allow-dirty", "--no-source-maps", "--output", path]);
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
  const bytes = await Deno.readFile(output);
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return { minified: bytes.length, gzipped: (await new Response(packed).bytes()).length };
}
