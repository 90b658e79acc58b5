/**
 * Map a page.
 *
 * Make the page of `address` lead to the frame `pfn`, writable, and for the kernel only:
 * without the flag `US`. If the directory has a table for that address, use it; if not,
 * take a free frame for one. Nothing that is mapped already may be lost, and at no moment
 * may the directory lead to a table with old words in it: the CPU may walk at any time.
 *
 * `freeFrame()` returns a frame that nobody uses, with whatever its last user left in it.
 * `memory.clearFrame(pfn)` fills a frame with zeros. The last line, which writes the
 * entry of the page, is there already: it needs `table`, the frame of the table.
 *
 * @module
 */

import type { PhysicalMemory } from "@pagetable-init/textbook";
import { P, RW } from "@pagetable-init/textbook/mmu";

export function mapPage(
  memory: PhysicalMemory,
  cr3: number,
  address: number,
  pfn: number,
  freeFrame: () => number,
): void {
  const directoryIndex = address >>> 22;
  const tableIndex = (address >>> 12) & 0x3ff;
  // Your lines: about six.
  const table = 0;
  // End of your lines.
  memory.write(table, tableIndex, pfn * 4096 | P | RW);
}
