/**
 * A solution.
 *
 * Alternatives: a table of 36 rows would do, and would hide that the bits are independent
 * of each other, but for one: a reserved bit can be set only in an entry that is there,
 * so `reserved` never comes without `there`. In the library the part that depends on the
 * access alone is `accessErrorBits`; it also knows that SMEP makes the CPU tell fetches
 * apart.
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
  const tables = (why === "absent" ? 0 : BITS.there) |
    (why === "reserved" ? BITS.reserved : 0);
  const mode = user ? BITS.user : 0;
  if (kind === "write") return tables | mode | BITS.write;
  return tables | mode | (kind === "fetch" && nxe ? BITS.fetch : 0);
  // End of your lines.
}
