/**
 * Catch the mistakes.
 *
 * Five walkers each have one mistaken rule:
 *
 * 1. `NX` forbids execution only if all four levels have it.
 * 2. The rights of a page are those of its last entry.
 * 3. It is enough if any level has `RW`, or `US`.
 * 4. The supervisor may write any page.
 * 5. The supervisor needs `RW` even while CR0.WP is clear.
 *
 * Choose accesses on which a walker with such a rule answers otherwise than a CPU. Every
 * walker must be caught by at least one of your accesses, and you have three. `levels`
 * are the flags of the four entries, root first, in 4-level paging with NXE.
 *
 * @module
 */

/** Flags of one entry. */
export interface Flags {
  readonly rw: boolean;
  readonly us: boolean;
  readonly nx: boolean;
}

/** An access and the entries on its way. */
export interface Probe {
  readonly levels: readonly [Flags, Flags, Flags, Flags];
  readonly kind: "read" | "write" | "fetch";
  readonly user: boolean;
  /** CR0.WP. */
  readonly wp: boolean;
}

/** An entry that gives all rights. */
export const ALL: Flags = { rw: true, us: true, nx: false };

export function probes(): Probe[] {
  // Your lines: three probes.
  return [{ levels: [ALL, ALL, ALL, ALL], kind: "read", user: true, wp: true }];
  // End of your lines.
}
