/**
 * The programs of all examples in doc comments, on disk.
 *
 * @module
 */

import { type Example, examplesOf, inPrograms, programOf } from "./examples.ts";
import { sourcesBelow } from "./sources.ts";

const root = new URL("../../", import.meta.url);
const SHOWN = ["figures", "shown", "stepper"].map((name) => `chapters/${name}`);

/** The examples of some files. What a block imports from beside it, it imports by its whole name. */
async function examplesIn(...paths: string[]): Promise<Example[]> {
  const found = await Promise.all(paths.map(async (path) => {
    const url = new URL(path, root);
    const examples = examplesOf(path, await Deno.readTextFile(url));
    const whole = (line: string) => line.replace(/(?<=from ")\.{1,2}\/[^"]*/, (beside) => new URL(beside, url).href);
    return examples.map(({ place, lines }) => ({ place, lines: lines.map(whole) }));
  }));
  return found.flat();
}

/** Programs that `deno test` runs. */
export interface ExamplePrograms {
  /** Their texts. */
  readonly programs: readonly string[];
  /** How many examples they hold. */
  readonly count: number;
}

/** The examples of the library, of the figures and of what chapters show, as few programs. */
export async function examplePrograms(): Promise<ExamplePrograms> {
  const library = await examplesIn("mod.ts", ...await sourcesBelow("core"));
  const shown = await examplesIn(...(await Promise.all(SHOWN.map(sourcesBelow))).flat());
  return {
    programs: [library, shown].flatMap(inPrograms).map(programOf),
    count: library.length + shown.length,
  };
}

/**
 * Writes programs.
 *
 * @param programs Their texts.
 * @param folder Where to.
 * @returns Their paths.
 */
export async function writeExamples(programs: readonly string[], folder: string): Promise<string[]> {
  return await Promise.all(programs.map(async (program, i) => {
    const path = `${folder}/${i}_test.ts`;
    await Deno.writeTextFile(path, program);
    return path;
  }));
}
