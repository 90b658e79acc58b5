/**
 * A solution.
 *
 * Alternatives: a loop that pushes is as good. NX, which takes away by being set, is left
 * out; with it one would look at the high words the other way round. A change of frame
 * needs a flush as well, see the first exercise of chapter 3.
 *
 * @module
 */

import type { Write } from "@pagetable-init/textbook/boot";
import { P, RW, US } from "@pagetable-init/textbook/mmu";

const RIGHTS = P | RW | US;

export function takenAway(writes: Iterable<Write>): number[] {
  // Your lines: about three.
  const isTaken = ({ old, stored }: Write) =>
    (old.lo & P) !== 0 && (old.lo & ~stored.lo & RIGHTS) !== 0;
  return [...writes].filter(isTaken).map(({ step }) => step);
  // End of your lines.
}
