/**
 * Cut a linear address into what two-level paging makes of it.
 *
 * The upper ten bits select an entry of the page directory, the next ten an entry of a
 * page table, and the lower twelve a byte of the page. An address is a number from 0 to
 * 0xffffffff, never negative, and so is each part.
 *
 * Beware: `>>`, `&` and `|` in JavaScript work on signed 32-bit numbers.
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
  return { directoryIndex: address, tableIndex: 0, offset: 0 };
  // End of your lines.
}
