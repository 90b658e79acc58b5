/**
 * Progress kept in a file.
 *
 * @module
 */

import { writeWhole } from "../command/whole_file.ts";
import { mergeProgress, NO_PROGRESS, parseProgress, type Progress, progressText } from "./progress_text.ts";

/** Progress as it was read, and what is to be said of the file. */
export interface Loaded {
  readonly progress: Progress;
  /** A line for the learner, or nothing. */
  readonly note: string;
}

/**
 * Reads the progress.
 *
 * @param path The file.
 * @returns What it holds; nothing done if it is not there. What cannot be read as progress, a folder even, is put aside as
 * `PATH.broken`, or `PATH.broken-2` and so on where that is there already, and a note says so.
 */
export async function loadProgress(path: string): Promise<Loaded> {
  const progress = parseProgress(await textOf(path));
  if (progress !== undefined) return { progress, note: "" };
  const aside = await freeName(`${path}.broken`);
  await Deno.rename(path, aside);
  return {
    progress: NO_PROGRESS,
    note: `The progress file could not be read. It is kept as ${aside}; a new one begins.`,
  };
}

/** The text of the file; that of nothing done if there is none, and none if it is a folder. */
async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return JSON.stringify(NO_PROGRESS);
    if (error instanceof Deno.errors.IsADirectory) return "";
    throw error;
  }
}

async function freeName(path: string): Promise<string> {
  for (let number = 1;; number++) {
    const name = number === 1 ? path : `${path}-${number}`;
    if (await Deno.lstat(name).then(() => false, () => true)) return name;
  }
}

/**
 * Changes the progress, so that the file is either as it was or complete. Sessions that change it at once wait for each other: what one
 * writes, the next begins with.
 *
 * @param path The file.
 * @param change Is given what the file holds.
 * @returns What it holds now.
 */
export async function changeProgress(path: string, change: (kept: Progress) => Progress): Promise<Progress> {
  using lock = await Deno.open(`${path}.lock`, { create: true, write: true });
  await lock.lock(true);
  const { progress } = await loadProgress(path);
  const changed = change(progress);
  await writeWhole(path, progressText(changed));
  return changed;
}

/**
 * Adds to the progress. What the file has meanwhile got from another session stays.
 *
 * @param path The file.
 * @param progress What to add to it.
 */
export async function saveProgress(path: string, progress: Progress): Promise<void> {
  await changeProgress(path, (kept) => mergeProgress(kept, progress));
}
