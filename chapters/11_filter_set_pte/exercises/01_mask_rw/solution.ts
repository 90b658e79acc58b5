/**
 * A solution.
 *
 * Alternatives: without a condition: `asked & ~(((old & P) << 1) & ~old & RW)`, which
 * says the same in bits and to nobody. Linux masks the `RW` of the new entry with the
 * `RW` of the old one if the old one is present. It looks at `P` alone; elsewhere Linux
 * also takes an entry for present that has bit 7 and not `P` (PROTNONE), which is another
 * reason for the test with `0x080`.
 *
 * @module
 */

import { P, RW } from "@pagetable-init/textbook/mmu";

export function filterLeaf(old: number, asked: number): number {
  // Your lines: about two.
  const protectedNow = (old & P) !== 0 && (old & RW) === 0;
  return protectedNow ? asked & ~RW : asked;
  // End of your lines.
}
