/**
 * A solution.
 *
 * Alternatives: write `old & ~next` as "set before and clear now" for each bit by itself,
 * which is longer and says the same. Or flush after every change of an entry that was
 * present: simpler, right, and slower.
 *
 * @module
 */

import { D, P, RW, US } from "@pagetable-init/textbook/mmu";

export function mustFlush(old: number, next: number): boolean {
  // Your lines: about three.
  if ((old & P) === 0) return false;
  const taken = old & ~next & (P | RW | US | D);
  return taken !== 0 || old >>> 12 !== next >>> 12;
  // End of your lines.
}
