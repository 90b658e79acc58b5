/**
 * Writes into a chapter what its program shows.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { withScratch } from "../command/scratch.ts";
import { writeWhole } from "../command/whole_file.ts";
import type { Chapter } from "./chapters.ts";
import { drawingsOf, keptDrawings } from "./compare.ts";
import { blocksOf } from "./parse.ts";
import { withNavigation } from "./navigation.ts";
import type { PageOutput } from "./output.ts";

/**
 * The text of a chapter with all outputs as they are now.
 *
 * @param chapter The chapter.
 * @param outputs What its blocks showed.
 * @returns The whole README.
 */
export function withOutputs(chapter: Chapter, outputs: readonly PageOutput[]): string {
  const lines = chapter.page.text.split("\n");
  for (const [number, { last, output }] of [...blocksOf(chapter.page).entries()].reverse()) {
    const shown = outputs.find(({ block }) => block === number)?.markdown;
    lines.splice(
      last,
      (output?.last ?? last) - last,
      ...(shown === undefined ? [] : ["", ...shown.trimEnd().split("\n")]),
    );
  }
  return lines.join("\n");
}

/**
 * Writes README and figures of a chapter.
 *
 * @param chapter The chapter.
 * @param outputs What its blocks showed.
 */
export async function writeChapter(chapter: Chapter, outputs: readonly PageOutput[]): Promise<void> {
  const figures = new URL("figures/", chapter.folder);
  const drawn = drawingsOf(outputs);
  for (const name of (await keptDrawings(chapter)).keys()) {
    if (!drawn.has(name)) await Deno.remove(new URL(name, figures));
  }
  if (drawn.size > 0) await Deno.mkdir(figures, { recursive: true });
  for (const [name, svg] of drawn) await writeWhole(fileURLToPath(new URL(name, figures)), svg);
  await writePage(new URL("README.md", chapter.folder), withNavigation(withOutputs(chapter, outputs), chapter.slug));
}

/** Writes a page, formatted: the old one stays until the new one is whole. */
export async function writePage(path: URL, text: string): Promise<void> {
  await writeWhole(fileURLToPath(path), await formatted(text));
}

async function formatted(text: string): Promise<string> {
  return await withScratch(async (folder) => {
    const page = `${folder}/page.md`;
    await Deno.writeTextFile(page, text);
    const config = fileURLToPath(new URL("chapters/fmt.json", ROOT));
    const { code, err } = await runDeno(["fmt", "-q", `--config=${config}`, page]);
    if (code !== 0) throw new Error(err);
    return await Deno.readTextFile(page);
  });
}
