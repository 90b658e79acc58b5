/**
 * Builds the site: the same chapters, a page each, and the programs that make them run.
 *
 * @module
 */

import { Misuse } from "../command/arguments.ts";
import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { withScratch } from "../command/scratch.ts";
import { copyFiles, makeFolder, writeWhole } from "../command/whole_file.ts";
import { CONTENTS } from "../pages/contents.ts";
import { pageHtml } from "./layout.ts";
import { pagesOfSite } from "./pages.ts";
import { searchIndex } from "./search_index.ts";
import { serviceWorker } from "./service_worker.ts";
import { siteCss } from "./style.ts";

/** Programs of the site: each is one file without imports, loaded when it is needed. */
const PROGRAMS = ["theme", "page", "editor", "search", "purify", "exercises", "moving", "own"] as const;

/** Programs that run in workers: they share the library, which is a file of its own. */
const WORKERS = ["runner", "own_runner"] as const;

/** Folders of recordings that chapters read. */
const RECORDINGS = ["kernels", "mmu", "xen", "xen/settle", "boots"] as const;

/**
 * Builds the site.
 *
 * @param folder Where it goes; made if it is not there. Files of the same names are replaced.
 * @param options `pdf`: whether the book will be printed into the folder, so that its page links the file.
 * @returns How many pages there are.
 * @throws {Misuse} If it cannot be written, or the programs cannot be bundled: that needs npm the first time.
 */
export async function buildSite(folder: string, options: { readonly pdf?: boolean } = {}): Promise<number> {
  await makeFolder(folder);
  return await withScratch(async (raw) => {
    await Deno.mkdir(`${raw}/assets`);
    const pages = await pagesOfSite(options);
    for (const page of pages) await writeWhole(`${raw}/${page.file}`, pageHtml(page));
    await writeWhole(`${raw}/assets/site.css`, siteCss());
    await writeWhole(`${raw}/assets/search.txt`, searchIndex(pages));
    for (const room of RECORDINGS) await copyRecordings(room, `${raw}/recordings/${room}`);
    await Deno.mkdir(`${raw}/notebooks`);
    for (const { slug } of CONTENTS) {
      await Deno.copyFile(new URL(`notebooks/${slug}.ipynb`, ROOT), `${raw}/notebooks/${slug}.ipynb`);
    }
    for (const name of PROGRAMS) await bundle(`${raw}/assets`, name);
    await bundle(`${raw}/assets`, ...WORKERS);
    await writeWhole(`${raw}/sw.js`, await serviceWorker(raw));
    await copyFiles(raw, folder);
    return pages.length;
  }, folder);
}

/** Copies what the chapters read: not the listings of QEMU, which only tests compare with. */
async function copyRecordings(room: string, to: string): Promise<void> {
  const from = new URL(`tests/fixtures/${room}/`, ROOT);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isFile } of Deno.readDir(from)) {
    if (isFile && !/\.tlb\.gz$|\.md$/.test(name)) await Deno.copyFile(new URL(name, from), `${to}/${name}`);
  }
}

/** Bundles programs into a folder; several share what they have in common. */
async function bundle(folder: string, ...names: readonly string[]): Promise<void> {
  const entries = names.map((name) => new URL(`client/${name}.ts`, import.meta.url).pathname);
  const shared = names.length > 1 ? ["--code-splitting"] : [];
  const options = ["--quiet", "--platform", "browser", "--minify", ...shared, "--outdir", folder];
  const { code, err } = await runDeno(["bundle", ...options, ...entries]);
  if (code !== 0) throw new Misuse(`cannot bundle ${names.join(", ")}: ${err.trim().split("\n").at(-1)}`);
}
