/**
 * A solution.
 *
 * Alternatives: one mask a word, `(old.lo ^ wanted.lo) & 0xffff_f003` and `(old.hi ^
 * wanted.hi) & 0xf_ffff`, both zero, or `P` in neither entry. Xen 3.1 made the same test
 * for tables above L1 without `RW`, which was too generous (XSA-182).
 *
 * @module
 */

import { P, RW } from "@pagetable-init/textbook/mmu";

/** The two words of a PAE entry. */
export interface Entry {
  readonly lo: number;
  readonly hi: number;
}

export function isHarmless(old: Entry, wanted: Entry): boolean {
  // Your lines: about four.
  const changed = old.lo ^ wanted.lo;
  const sameFrame = (changed & 0xffff_f000) === 0 &&
    ((old.hi ^ wanted.hi) & 0xf_ffff) === 0;
  const absent = ((old.lo | wanted.lo) & P) === 0;
  return absent || (changed & (P | RW)) === 0 && sameFrame;
  // End of your lines.
}
