/**
 * A solution.
 *
 * The order matters: clear the frame, then let the directory point to it. Between the two
 * writes another CPU, or this one walking ahead, may use whatever the directory points
 * to.
 *
 * Alternatives: write the entry of the page before the directory's, so that the page
 * appears at once with its table; the order that matters is kept. Linux has
 * `one_page_table_init` for the first lines and writes the leaf elsewhere, so that paging
 * modes and hypervisors can share them. Giving the directory entry `US` as well, as Linux
 * does, takes nothing away that the leaf does not give: rights are those that all levels
 * allow. The library's `mapPage` does the same for every paging mode and page size, and
 * says why it cannot where it cannot.
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
  const pde = memory.read(cr3 >>> 12, directoryIndex);
  const present = (pde & P) !== 0;
  const table = present ? pde >>> 12 : freeFrame();
  if (!present) {
    memory.clearFrame(table);
    memory.write(cr3 >>> 12, directoryIndex, table * 4096 | P | RW);
  }
  // End of your lines.
  memory.write(table, tableIndex, pfn * 4096 | P | RW);
}
