/**
 * A solution.
 *
 * Alternatives: keep a count for every frame, raised and lowered with every entry that is
 * written, and the question is answered without a search. That is Xen's type count; its
 * price is that Xen must see every write. Note that Xen counts an entry of the last level
 * with `RW` whatever the directory entry says (its rule is simpler than the CPU's, and
 * stricter). `pageRanges` of the library does this search for every mode, with large
 * pages and reserved bits.
 *
 * @module
 */

import type { PhysicalMemory } from "@pagetable-init/textbook";
import { P, RW } from "@pagetable-init/textbook/mmu";

export function waysToFrame(
  memory: PhysicalMemory,
  cr3: number,
  wanted: number,
): number[] {
  const ways: number[] = [];
  for (let directoryIndex = 0; directoryIndex < 1024; directoryIndex++) {
    const pde = memory.read(cr3 >>> 12, directoryIndex);
    // Your lines: about six.
    if ((pde & (P | RW)) !== (P | RW)) continue;
    for (let tableIndex = 0; tableIndex < 1024; tableIndex++) {
      const pte = memory.read(pde >>> 12, tableIndex);
      const writable = (pte & (P | RW)) === (P | RW);
      if (writable && pte >>> 12 === wanted) {
        ways.push((directoryIndex * 1024 + tableIndex) * 4096);
      }
    }
    // End of your lines.
  }
  return ways;
}
