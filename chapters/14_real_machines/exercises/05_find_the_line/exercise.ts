/**
 * Find the line.
 *
 * Two small kernels were recorded store by store, and each is broken: after a while user
 * mode reaches a page that it should not, or data can be executed. Given a recording, an
 * address and the right that the address should not have, name the function that gave it.
 *
 * `blame(recording, address)` lists what shaped the walk of the address, in order. A row
 * has the rights that the address, mapped already, has since then and had not before:
 * `gained`, empty for the write that maps it first. And it has the `write`, whose `op` is
 * the function that stored. A row without a write is a load of a register, by which no
 * function stores an entry. If the right was given more than once, the last one counts:
 * what was given before was taken back. "nobody" if nobody gave the right.
 *
 * @module
 */

import type { Right } from "@pagetable-init/textbook/mmu";
import { blame, type Recording } from "@pagetable-init/textbook/recording";

/** The function that gave a right to an address. */
export function culprit(recording: Recording, address: number, right: Right): string {
  // Your lines: about two.
  const last = blame(recording, address).at(-1);
  return last?.write?.op ?? right;
  // End of your lines.
}
