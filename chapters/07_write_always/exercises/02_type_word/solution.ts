/**
 * A solution.
 *
 * Alternatives: `tableLevelOf` and the masks `PGT_PINNED`, `PGT_VALIDATED`,
 * `PGT_PAE_XEN_L2`, `PGT_COUNT_MASK` of the library, and `FrameTable.at` for a frame that
 * is at hand. With arithmetic: `Math.floor(word / 2 ** 29)` has no sign to forget.
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
  const word = parseInt(text, 16);
  return {
    type: word >>> 29,
    pinned: (word & 1 << 28) !== 0,
    validated: (word & 1 << 27) !== 0,
    xenL2: (word & 1 << 26) !== 0,
    uses: word & 0xffff,
  };
  // End of your lines.
}
