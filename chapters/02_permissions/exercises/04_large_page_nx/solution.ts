/**
 * A solution.
 *
 * Alternatives: ask whether the two ranges do not overlap, `text.end <= start || end <=
 * text.start`, which is the same by De Morgan. A loop over all bytes is right too, and
 * four million steps long. Linux's own test includes the byte at the end of the text, so
 * a page that begins exactly there stays executable: one page too many, never one too
 * few.
 *
 * @module
 */

/** Addresses from `start` up to, but not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function isNoExecute(start: number, bytes: number, text: Range): boolean {
  // Your lines: about two.
  const end = start + bytes;
  return !(text.start < end && start < text.end);
  // End of your lines.
}
