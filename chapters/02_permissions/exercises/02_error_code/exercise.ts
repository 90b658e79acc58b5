/**
 * Make the error code of a page fault.
 *
 * The CPU pushes a number that says what was tried and what stood in the way. Put it
 * together from the parts in `BITS`.
 *
 * Three of the five bits are about the access and would be the same for any page. Two are
 * about the tables.
 *
 * @module
 */

/** The bits of the error code. */
export const BITS = {
  there: 0x01,
  write: 0x02,
  user: 0x04,
  reserved: 0x08,
  fetch: 0x10,
} as const;

/** An access that was refused. */
export interface Refused {
  /**
   * What stood in the way: the page was absent, a right was missing, or a reserved bit
   * was set in an entry.
   */
  readonly why: "absent" | "right" | "reserved";
  /** What was tried. */
  readonly kind: "read" | "write" | "fetch";
  /** Whether it was tried from user mode. */
  readonly user: boolean;
  /** Whether EFER.NXE is set: without it the CPU does not tell a fetch from a read. */
  readonly nxe: boolean;
}

export function errorCode({ why, kind, user, nxe }: Refused): number {
  // Your lines: about five.
  if (why === "absent" || !user || !nxe) return 0;
  return kind === "read" ? BITS.there : 0;
  // End of your lines.
}
