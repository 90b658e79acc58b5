/**
 * A solution.
 *
 * It is strict on purpose: `A` is taken out only where that makes the entry ours, so that
 * an entry that differs in `A` and in something else stays as it was seen. The
 * alternative is to clear `A` wherever ours has none. It finds the same differences and
 * reports them less exactly, so the tests refuse it. The project's list
 * (`tools/reference/live/deviations.ts`) also counts how often each deviation applied.
 * One that never applies any more is a reason to look whether the reference has been
 * repaired.
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
  const code = (theirs.code & PF_RSVD) !== 0 ? theirs.code | PF_P : theirs.code;
  const entries = theirs.entries.map((entry, at) => {
    const our = ours.entries[at];
    const known = at < theirs.entries.length - 1 && our !== entry && our === (entry & ~A);
    return known ? our : entry;
  });
  return { code, entries };
  // End of your lines.
}
