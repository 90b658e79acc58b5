/**
 * Builds, executes and checks the notebooks of chapters.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type Chapter, readChapters } from "../book/chapters.ts";
import { type Programs, run, writePrograms } from "../book/programs.ts";
import type { Recorded } from "../book/record.ts";
import { withScratch } from "../command/scratch.ts";
import { makeFolder, writeWhole } from "../command/whole_file.ts";
import { fileOf, keptText, staleness } from "./compare.ts";
import { makeEnvironment } from "./environment.ts";
import { execute, type Executed, NOTEBOOKS } from "./execute.ts";
import { type Notebook, notebookOf } from "./notebook.ts";
import { outputProblemsOf } from "./outputs.ts";
import { storedNotebook } from "./stored.ts";

export { PageError } from "../book/parse.ts";
export { leftOver } from "./compare.ts";

/** The result of a notebook. */
export interface Checked {
  readonly name: string;
  /** Number of its code cells. */
  readonly cells: number;
  readonly seconds: number;
  /** The problems, a line each. */
  readonly problems: readonly string[];
}

/**
 * Builds the notebooks of chapters.
 *
 * @param chapters The chapters wanted.
 * @returns The notebooks without outputs, by the name of the chapter's folder.
 */
export async function buildNotebooks(chapters: readonly Chapter[]): Promise<Map<string, Notebook>> {
  const pages = new Map((await readChapters()).map(({ slug, page }) => [slug, page.text]));
  return new Map(chapters.map((chapter) => [chapter.slug, notebookOf(chapter, pages)]));
}

/**
 * Builds and executes notebooks and compares them with the chapters and with what is kept.
 *
 * @param numbers Numbers of the chapters wanted; all if there are none.
 * @param write Whether to keep what was made, if it ran without fault.
 * @param say Is told what takes long.
 * @returns A result for each notebook, in order.
 * @throws {NoEnvironment} As `makeEnvironment`.
 */
export async function checkNotebooks(
  numbers: readonly number[],
  write: boolean,
  say: (text: string) => void,
): Promise<Checked[]> {
  const chapters = await readChapters(numbers);
  const notebooks = await buildNotebooks(chapters);
  const environment = await makeEnvironment(say);
  await makeFolder(fileURLToPath(NOTEBOOKS));
  const shown = recordAll(chapters);
  const executed = await execute(notebooks, environment);
  const blocks = await shown;
  return await Promise.all(chapters.map(async ({ slug }) => {
    const one = executed.find(({ name }) => name === slug);
    if (one === undefined) return { name: slug, cells: 0, seconds: 0, problems: ["Jupyter did not execute it"] };
    return await judge(one, blocks.get(slug), write);
  }));
}

/** The outputs of chapters that run as programs; for one that throws, the message. */
async function recordAll(chapters: readonly Chapter[]): Promise<Map<string, readonly Recorded[] | string>> {
  return await withScratch(async (folder) => {
    const programs = await writePrograms(chapters, folder);
    const all = new Map<string, readonly Recorded[] | string>();
    for (const { slug } of chapters) all.set(slug, await record(programs, slug));
    return all;
  });
}

async function record(programs: Programs, slug: string): Promise<readonly Recorded[] | string> {
  const result = await run(programs, [slug]);
  return "said" in result ? `the chapter's program fails: ${result.said.trim()}` : result.outputs.flat();
}

async function judge(
  { name, seconds, error, text: written }: Executed,
  shown: readonly Recorded[] | string | undefined,
  write: boolean,
): Promise<Checked> {
  const text = await storedNotebook(written);
  const notebook: Notebook = JSON.parse(text);
  const cells = notebook.cells.filter(({ cell_type }) => cell_type === "code").length;
  if (error !== null) return { name, cells, seconds, problems: [`cell ${error.cell}: ${error.message}`] };
  const problems = typeof shown === "object"
    ? outputProblemsOf(notebook, shown)
    : [shown ?? "the chapter has no program"];
  if (write && problems.length === 0) await writeWhole(fileURLToPath(fileOf(name)), text);
  return { name, cells, seconds, problems: [...problems, ...staleness(await keptText(name), text)] };
}
