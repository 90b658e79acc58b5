/**
 * A solution.
 *
 * Alternatives: start from zero and copy bit by bit, which is longer and safer when bits
 * are added. Linux's `split_large_page` of the time did not keep the flags at all: it was
 * told which flags the pages should have. And the harder part of a split is not here: the
 * table must be complete before the directory entry points to it, and the old translation
 * must be flushed (chapter 3).
 *
 * @module
 */

import { PAT, PAT_LARGE, PS } from "@pagetable-init/textbook/mmu";

const LOW_BITS = 0xfff;
const FRAME_BITS_OF_LARGE = 0xffc0_0000;

export function splitLargePage(large: number): number[] {
  const first = (large & FRAME_BITS_OF_LARGE) >>> 0;
  const entries: number[] = [];
  // Your lines: about six.
  const memoryType = (large & PAT_LARGE) !== 0 ? PAT : 0;
  const flags = (large & LOW_BITS & ~PS) | memoryType;
  for (let index = 0; index < 1024; index++) {
    entries.push((first + index * 4096) | flags);
  }
  // End of your lines.
  return entries;
}
