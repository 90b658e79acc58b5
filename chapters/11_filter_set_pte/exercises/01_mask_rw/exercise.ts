/**
 * Write the filter.
 *
 * `old` is the low word of the entry as it is, `asked` the low word that `pagetable_init`
 * wants there. Return the low word that is to be stored: `asked`, but without `RW` where
 * the entry is present and not writable now.
 *
 * Resist making it stronger. What is not forbidden by this sentence is allowed. The mail
 * of April 2007 words it otherwise: RW is refused where the entry is not writable
 * already. Taken literally that restrains absent entries too, and it is the most common
 * wrong answer here.
 *
 * @module
 */

import { P, RW } from "@pagetable-init/textbook/mmu";

export function filterLeaf(old: number, asked: number): number {
  // Your lines: about two.
  return old & P & RW ? asked & ~RW : asked;
  // End of your lines.
}
