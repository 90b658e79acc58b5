/**
 * Writes into a chapter what its program shows.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type Chapter, ROOT } from "./chapters.ts";
import { blocksOf, drawingsOf, keptDrawings } from "./compare.ts";
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
  for (const [number, { last, output }] of [...blocksOf(chapter).entries()].reverse()) {
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
  for (const [name, svg] of drawn) await Deno.writeTextFile(new URL(name, figures), svg);
  await writePage(new URL("README.md", chapter.folder), withOutputs(chapter, outputs));
}

/** Writes a page and formats it. */
export async function writePage(path: URL, text: string): Promise<void> {
  await Deno.writeTextFile(path, text);
  const format = new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", fileURLToPath(path)], cwd: ROOT });
  const { success, stderr } = await format.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
