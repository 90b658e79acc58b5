/**
 * Take a type word apart.
 *
 * Xen 3.1 prints the type of a frame as eight hexadecimal digits, such as `4c000001`:
 *
 *   31 .. 29   28      27         26           25 .. 16   15 .. 0
 *   type       pinned  validated  Xen's L2     unused     uses as that type
 *
 * @module
 */

/** A type word in words. */
export interface TypeWord {
  /**
   * Type: 0 for none, 1 to 4 for a table of that level, 5 and 6 for descriptor tables, 7
   * for writable.
   */
  readonly type: number;
  readonly pinned: boolean;
  readonly validated: boolean;
  /** Whether it is the L2 with Xen's own entries. */
  readonly xenL2: boolean;
  readonly uses: number;
}

export function typeWord(text: string): TypeWord {
  // Your lines: about seven.
  const word = parseInt(text, 10);
  return { type: word >> 29, pinned: false, validated: false, xenL2: false, uses: word };
  // End of your lines.
}
