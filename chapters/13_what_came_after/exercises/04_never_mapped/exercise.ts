/**
 * Was it mapped before?
 *
 * The rule of 2007 needs a leaf that is there: a page must be mapped before it becomes a
 * page table. Find out whether real kernels kept to that. Given the recording of a boot,
 * return the pages that became page tables and had not been mapped before, each once, in
 * the order in which they became tables.
 *
 * A page becomes a table when an entry that is no leaf leads to it. It is mapped when a
 * leaf leads to it, at whatever address; a leaf above the last level maps many pages at
 * once. An entry without `P` leads nowhere. `pagesOf` and `isLeaf` are given.
 *
 * @module
 */

import { frameOf, type Level, P, PS } from "@pagetable-init/textbook/mmu";
import type { Recording } from "@pagetable-init/textbook/recording";

/** Whether an entry of a level with this low word is a leaf. */
export function isLeaf(level: Level, lo: number): boolean {
  return level.leaf === "always" || (level.leaf !== "never" && (lo & PS) !== 0);
}

/** How many pages of 4K a leaf of a level maps. */
export function pagesOf(level: Level): number {
  return 2 ** (level.shift - 12);
}

export function neverMapped(recording: Recording): number[] {
  const found: number[] = [];
  // Your lines: about nine.
  for (const { level, stored: { lo, hi } } of recording.trace) {
    if (level !== undefined && (lo & P) === 0) found.push(frameOf(hi, lo));
  }
  // End of your lines.
  return found;
}
