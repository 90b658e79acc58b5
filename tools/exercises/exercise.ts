/**
 * The exercises on disk: `chapters/NN_slug/exercises/MM_slug/` with
 *
 * | file                | is                                                                                        |
 * | ------------------- | ----------------------------------------------------------------------------------------- |
 * | `exercise.ts`       | the task, in the comment that opens it, and the hole                                      |
 * | `exercise_test.ts`  | what judges it; each failure names the misconception                                      |
 * | `solution.ts`       | the same file with the hole filled, and a note on alternatives in the comment that opens it |
 * | `hints.md`          | three hints, from a nudge to all but the answer                                           |
 * | `misconceptions.md` | likely wrong answers, each with words that the failure message must have                  |
 *
 * @module
 */

import { ROOT } from "../command/root.ts";
import { CONTENTS } from "../pages/contents.ts";

/** The files of an exercise. */
export const FILES: readonly string[] = Object.freeze([
  "exercise.ts",
  "exercise_test.ts",
  "hints.md",
  "misconceptions.md",
  "solution.ts",
]);

/** An exercise. */
export interface Exercise {
  /** Its name: `01_one_page_table/02_walk`. */
  readonly id: string;
  /** Folder of its chapter. */
  readonly chapter: string;
  /** Its folder, ending in a slash. */
  readonly folder: URL;
}

/**
 * Lists the exercises, in the order of the book.
 *
 * @param root The folder of the project, ending in a slash.
 * @returns All exercises.
 */
export async function listExercises(root: URL = ROOT): Promise<Exercise[]> {
  const exercises: Exercise[] = [];
  for (const { slug: chapter } of CONTENTS) {
    const folder = new URL(`chapters/${chapter}/exercises/`, root);
    for (const slug of await foldersIn(folder)) {
      exercises.push({ id: `${chapter}/${slug}`, chapter, folder: new URL(`${slug}/`, folder) });
    }
  }
  return exercises;
}

async function foldersIn(folder: URL): Promise<string[]> {
  const names = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) if (isDirectory) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/**
 * Reads a file of an exercise.
 *
 * @param exercise The exercise.
 * @param name One of `FILES`.
 * @returns Its text; empty if it is not there.
 */
export async function readPart({ folder }: Exercise, name: string): Promise<string> {
  try {
    return await Deno.readTextFile(new URL(name, folder));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return "";
  }
}
