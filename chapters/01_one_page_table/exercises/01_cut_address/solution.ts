/**
 * A solution.
 *
 * Alternatives: `Math.floor(address / 2 ** 22)` needs no thought about signs, and is what
 * wider addresses need anyway, which do not fit 32-bit shifts. `indexAt(level, hi, lo)`
 * of the library does this for every paging mode, from the mode's record. Masking the
 * directory index is not needed: nothing is left above it.
 *
 * @module
 */

/** The parts of an address. */
export interface Parts {
  /** Index into the page directory, 0 to 1023. */
  readonly directoryIndex: number;
  /** Index into the page table, 0 to 1023. */
  readonly tableIndex: number;
  /** Byte in the page, 0 to 4095. */
  readonly offset: number;
}

export function cutAddress(address: number): Parts {
  // Your lines: about three.
  const directoryIndex = address >>> 22;
  const tableIndex = (address >>> 12) & 0x3ff;
  return { directoryIndex, tableIndex, offset: address & 0xfff };
  // End of your lines.
}
