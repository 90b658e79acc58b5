/**
 * What a learner has done, kept in a file.
 *
 * @module
 */

/** What a learner has done. */
export interface Progress {
  /** Exercises that have passed, by id. */
  readonly solved: readonly string[];
  /** Hints given, by id. */
  readonly hints: Readonly<Record<string, number>>;
}

/** Nothing done yet. */
export const NO_PROGRESS: Progress = Object.freeze({ solved: [], hints: {} });

/**
 * Reads the progress.
 *
 * @param path The file.
 * @returns What it holds; nothing done if it is not there. A file that cannot be read as progress is put aside as `PATH.broken`, and
 * a note says so.
 */
export async function loadProgress(path: string): Promise<{ readonly progress: Progress; readonly note: string }> {
  let text;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { progress: NO_PROGRESS, note: "" };
    throw error;
  }
  const progress = parsed(text);
  if (progress !== undefined) return { progress, note: "" };
  await Deno.rename(path, `${path}.broken`);
  return {
    progress: NO_PROGRESS,
    note: `The progress file could not be read. It is kept as ${path}.broken; a new one begins.`,
  };
}

/**
 * Writes the progress, so that the file is either as it was or complete. What the file has meanwhile got from another
 * session stays.
 *
 * @param path The file.
 * @param progress What to add to it.
 */
export async function saveProgress(path: string, progress: Progress): Promise<void> {
  const { progress: kept } = await loadProgress(path);
  const next = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  await Deno.writeTextFile(next, `${JSON.stringify(merged(kept, progress), null, 2)}\n`);
  await Deno.rename(next, path);
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
  const counts = Object.entries(hints).filter(([, count]) => Number.isInteger(count));
  return { solved, hints: Object.fromEntries(counts) };
}
