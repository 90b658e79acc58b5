/**
 * A learner's progress, as a value and as the text of a file: the terminal and the book in a browser read each other's.
 *
 * @module
 */

/** A learner's progress. */
export interface Progress {
  /** Exercises that have passed, by id. */
  readonly solved: readonly string[];
  /** Hints given, by id. */
  readonly hints: Readonly<Record<string, number>>;
}

/** Nothing done yet. */
export const NO_PROGRESS: Progress = Object.freeze({ solved: [], hints: {} });

/** The text of a progress file. */
export function progressText(progress: Progress): string {
  return `${JSON.stringify(progress, null, 2)}\n`;
}

/**
 * Reads the text of a progress file.
 *
 * @param text The text.
 * @returns The progress; undefined if the text is none.
 */
export function parseProgress(text: string): Progress | undefined {
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

/** The union of the progress of two learners, or of two sessions of one. */
export function mergeProgress(one: Progress, other: Progress): Progress {
  const hints = { ...one.hints };
  for (const [id, count] of Object.entries(other.hints)) hints[id] = Math.max(count, hints[id] ?? 0);
  return { solved: [...new Set([...one.solved, ...other.solved])].sort(), hints };
}
