/**
 * The hole of an exercise: the lines between two comments.
 *
 * ```text
 *   // Your lines: about three.
 *   return 0;
 *   // End of your lines.
 * ```
 *
 * @module
 */

/** A source file cut at its hole. */
export interface Cut {
  /** Everything above the hole, its first comment included. */
  readonly above: string;
  /** The lines in the hole. */
  readonly hole: readonly string[];
  /** Everything below the hole, from its last comment on. */
  readonly below: string;
}

/**
 * Cuts a source file at its hole.
 *
 * @param source The file.
 * @returns Its parts, or undefined if there is not exactly one hole.
 */
export function cutHole(source: string): Cut | undefined {
  const lines = source.split("\n");
  const begins = lines.flatMap((line, at) => /^\s*\/\/ Your lines\b/.test(line) ? [at] : []);
  const ends = lines.flatMap((line, at) => /^\s*\/\/ End of your lines\b/.test(line) ? [at] : []);
  const [begin = 0, end = -1] = [begins[0], ends[0]];
  if (begins.length !== 1 || ends.length !== 1 || end < begin) return undefined;
  return {
    above: lines.slice(0, begin + 1).join("\n"),
    hole: lines.slice(begin + 1, end),
    below: lines.slice(end).join("\n"),
  };
}

/** A source file with other lines in its hole. */
export function fillHole({ above, below }: Cut, lines: readonly string[]): string {
  return [above, ...lines, below].join("\n");
}

/** The comment that opens a file, as text, and the rest. */
export function cutComment(source: string): { readonly comment: string; readonly rest: string } {
  const [all = "", inside = ""] = /^\s*\/\*\*([^]*?)\*\/\s*/.exec(source) ?? [];
  const comment = inside.split("\n").map((line) => line.replace(/^\s*\* ?/, "")).join("\n").trim();
  return { comment, rest: source.slice(all.length) };
}
