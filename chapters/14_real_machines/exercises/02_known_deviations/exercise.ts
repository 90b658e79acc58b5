/**
 * Take out what is known.
 *
 * QEMU 7.2 is known to differ in two ways when a walk ends in a page fault. A code with
 * `RSVD` lacks `P`. And the accessed bit, `A`, may be set in the entries above the last,
 * where ours has it clear; the last entry is the one that faulted.
 *
 * Return QEMU's answer as it would be without these two, so that it can be compared with
 * ours. Leave every other difference in, for the comparison is there to find it: an entry
 * that differs in `A` and in something else is returned as it is.
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
