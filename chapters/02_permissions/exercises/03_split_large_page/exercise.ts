/**
 * Split a large page.
 *
 * A directory entry maps 4 MiB by itself. A kernel wants to change the rights of one page
 * in it, so it makes a page table that maps the same 4 MiB in 1,024 small pages, and only
 * then changes one of them. Until then no address may change its meaning: same frame,
 * same rights, same memory type, global or not as before.
 *
 * `large` is the directory entry. Return the 1,024 entries of the table, index 0 first.
 * Frames lie below 4 GiB. The entries are equal but for the frame; bits 9 to 11, which
 * only the kernel reads, are copied like the others.
 *
 * The bits of a large entry that are not where a small entry has them: bit 7 is `PS`, and
 * bit 12 is `PAT_LARGE`.
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
  const lost = PAT | PAT_LARGE | PS;
  entries.push(first | (large & LOW_BITS & ~lost));
  // End of your lines.
  return entries;
}
