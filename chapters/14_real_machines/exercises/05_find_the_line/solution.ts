/**
 * A solution.
 *
 * Alternatives: go through `recording.trace` and ask `explain(recording.at(step),
 * address)` after each write, which takes longer and says the same; or look at bit 63, or
 * bit 2, of the entry that maps the page, which overlooks that an entry above it may have
 * given the right.
 *
 * @module
 */

import type { Right } from "@pagetable-init/textbook/mmu";
import { blame, type Recording } from "@pagetable-init/textbook/recording";

/** The function that gave a right to an address. */
export function culprit(recording: Recording, address: number, right: Right): string {
  // Your lines: about two.
  const given = blame(recording, address).findLast(({ gained }) =>
    gained.includes(right)
  );
  return given?.write?.op ?? "nobody";
  // End of your lines.
}
