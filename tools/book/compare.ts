/**
 * The outputs that stand in a chapter against those that its program has, and the figures on disk against those drawn.
 *
 * @module
 */

import { type Chapter, exists } from "./chapters.ts";
import { meaningOf } from "../pages/markdown.ts";
import { outputProblem, type PageOutput } from "./output.ts";
import { blocksOf, type Lines } from "./parse.ts";
import type { Problem } from "./problems.ts";

const WRITE = "deno task book --write";

/**
 * Compares text and program. Layout does not count, so that a formatter may change it.
 *
 * @param chapter The chapter.
 * @param outputs What its blocks showed.
 * @returns The differences.
 */
export function compareOutputs(chapter: Chapter, outputs: readonly PageOutput[]): Problem[] {
  const page = `chapters/${chapter.slug}/README.md`;
  return blocksOf(chapter.page).flatMap(({ first, output }, number) => {
    const shown = outputs.find(({ block }) => block === number);
    const wrong = shown === undefined ? undefined : outputProblem(shown.output);
    const message = wrong ?? difference(chapter.page.text, output, shown?.markdown);
    return message === undefined ? [] : [{ page, line: first, message }];
  });
}

function difference(text: string, there: Lines | undefined, shown: string | undefined): string | undefined {
  if (there === undefined) {
    return shown === undefined ? undefined : `the block shows something that is not on the page: ${WRITE}`;
  }
  if (shown === undefined) return `the page has an output but the block shows nothing: ${WRITE}`;
  const stands = text.split("\n").slice(there.first - 1, there.last).join("\n");
  return meaningOf(stands) === meaningOf(shown) ? undefined : `the block shows something else than the page: ${WRITE}`;
}

/** The drawings of a chapter by file name. */
export function drawingsOf(outputs: readonly PageOutput[]): Map<string, string> {
  return new Map(outputs.flatMap(({ output }) => output.kind === "figure" ? [[`${output.name}.svg`, output.svg]] : []));
}

/**
 * Compares the kept drawings of a chapter with those that its program makes.
 *
 * @param chapter The chapter.
 * @param outputs What its blocks showed.
 * @returns The differences: missing, stale and left-over files.
 */
export async function compareDrawings(chapter: Chapter, outputs: readonly PageOutput[]): Promise<Problem[]> {
  const drawn = drawingsOf(outputs);
  const kept = await keptDrawings(chapter);
  const names = new Set([...drawn.keys(), ...kept.keys()]);
  return [...names].filter((name) => drawn.get(name) !== kept.get(name)).sort().map((name) => ({
    page: `chapters/${chapter.slug}/figures/${name}`,
    line: 1,
    message: `the drawing is ${drawn.has(name) ? (kept.has(name) ? "stale" : "missing") : "left over"}: ${WRITE}`,
  }));
}

/** The drawings on disk by file name. */
export async function keptDrawings({ folder }: Chapter): Promise<Map<string, string>> {
  const figures = new URL("figures/", folder);
  const kept = new Map<string, string>();
  if (!await exists(figures)) return kept;
  for await (const { name } of Deno.readDir(figures)) kept.set(name, await Deno.readTextFile(new URL(name, figures)));
  return kept;
}
