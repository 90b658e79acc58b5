/**
 * A solution.
 *
 * Three is the least: walkers 1, 4 and 5 are caught by a fetch, by a write with WP and by
 * a write without, which no access is all at once. Alternatives: `nx` may stand at any
 * level but all of them; for walker 3 `us` serves as well as `rw`, with a user's read.
 * The same question asked of a test suite is called mutation testing, and `deno task
 * mutants` asks it.
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
  const noWrite = { ...ALL, rw: false };
  return [
    {
      levels: [{ ...ALL, nx: true }, ALL, ALL, ALL],
      kind: "fetch",
      user: true,
      wp: true,
    },
    { levels: [noWrite, ALL, ALL, ALL], kind: "write", user: false, wp: true },
    { levels: [ALL, ALL, ALL, noWrite], kind: "write", user: false, wp: false },
  ];
  // End of your lines.
}
