/**
 * Find every address through which a frame can be written.
 *
 * Before a hypervisor lets a frame become a page table it must know that no address leads
 * to it with the right to write. Go through the two-level tables below CR3 and return the
 * linear address of every page that leads to the frame `wanted` and that the kernel may
 * write: `RW` must be set in both entries on the way. In order of address.
 *
 * Leave large pages aside. Multiply rather than shift to make an address: `1023 << 22` is
 * negative.
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
    if (pde >>> 12 === wanted) ways.push(directoryIndex);
    // End of your lines.
  }
  return ways;
}
