/**
 * Take out what is known.
 *
 * QEMU 7.2 is known to differ in two ways when a walk ends in a page fault: a code with
 * `RSVD` lacks `P`, and the accessed bit may be set in entries above the one that
 * faulted, the last. Return QEMU's answer as it would be without these two, so that it
 * can be compared with ours. Any other difference must be left in: it is what the
 * comparison is for.
 *
 * @module
 */

/**
 * A page fault. `entries` are the entries of the walk as they are afterwards, root first.
 */
export interface Answer {
  readonly code: number;
  readonly entries: readonly number[];
}

export const PF_P = 0x01;
export const PF_RSVD = 0x08;
export const A = 0x20;

export function normalised(ours: Answer, theirs: Answer): Answer {
  // Your lines: about five.
  return ours.code === theirs.code ? theirs : theirs;
  // End of your lines.
}
