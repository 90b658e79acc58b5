/**
 * A solution.
 *
 * Alternatives: write `old & ~next` as "set before and clear now" for each bit by itself, which is longer and says the same. Linux of
 * 2007 mostly did not ask: it flushed after every change of a present entry, and left it out where an entry had been absent.
 *
 * @module
 */

import { D, P, RW, US } from "@pagetable-init/textbook";

export function mustFlush(old: number, next: number): boolean {
  // Your lines: about three.
  if ((old & P) === 0) return false;
  const taken = old & ~next & (P | RW | US | D);
  return taken !== 0 || old >>> 12 !== next >>> 12;
  // End of your lines.
}
