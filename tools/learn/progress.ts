/**
 * What a learner has done, kept in a file.
 *
 * @module
 */

import { writeWhole } from "../command/whole_file.ts";

/** What a learner has done. */
export interface Progress {
  /** Exercises that have passed, by id. */
  readonly solved: readonly string[];
  /** Hints given, by id. */
  readonly hints: Readonly<Record<string, number>>;
}

/** Nothing done yet. */
export const NO_PROGRESS: Progress = Object.freeze({ solved: [], hints: {} });

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
  const progress = parsed(await textOf(path));
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
  await writeWhole(path, `${JSON.stringify(changed, null, 2)}\n`);
  return changed;
}

/**
 * Adds to the progress. What the file has meanwhile got from another session stays.
 *
 * @param path The file.
 * @param progress What to add to it.
 */
export async function saveProgress(path: string, progress: Progress): Promise<void> {
  await changeProgress(path, (kept) => merged(kept, progress));
}

function merged(one: Progress, other: Progress): Progress {
  const hints = { ...one.hints };
  for (const [id, count] of Object.entries(other.hints)) hints[id] = Math.max(count, hints[id] ?? 0);
  return { solved: [...new Set([...one.solved, ...other.solved])].sort(), hints };
}

function parsed(text: string): Progress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { solved, hints } = value as { solved?: unknown; hints?: unknown };
  const isList = Array.isArray(solved) && solved.every((id) => typeof id === "string");
  if (!isList || typeof hints !== "object" || hints === null) return undefined;
  const counts = Object.entries(hints);
  if (!counts.every(([, count]) => Number.isSafeInteger(count) && count >= 0)) return undefined;
  return { solved, hints: Object.fromEntries(counts) };
}
