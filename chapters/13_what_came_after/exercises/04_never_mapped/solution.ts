/**
 * A solution.
 *
 * On real kernels only head.S breaks the condition, for it runs before there is a map: on
 * bare metal nobody minds, and under Xen the domain builder does its work. Alternatives:
 * ask each moment whether the page has a leaf, `explain(recording.at(step), …)`, which
 * takes longer and asks about one address; or remember for each page when it was mapped
 * and when it became a table, and compare the two numbers in the end.
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
  const [mapped, tables] = [new Set<number>(), new Set<number>()];
  for (const { level, stored: { lo, hi } } of recording.trace) {
    if (level === undefined || (lo & P) === 0) continue;
    const frame = frameOf(hi, lo);
    if (isLeaf(level, lo)) {
      for (let page = 0; page < pagesOf(level); page++) mapped.add(frame + page);
    } else if (!tables.has(frame)) {
      tables.add(frame);
      if (!mapped.has(frame)) found.push(frame);
    }
  }
  // End of your lines.
  return found;
}
