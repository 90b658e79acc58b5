/**
 * Walk two-level page tables by hand.
 *
 * Given physical memory, CR3 and a linear address, return the physical address of the
 * byte, or say which entry is not present. Leave rights and large pages aside: they are
 * the next chapter's.
 *
 * `memory.read(pfn, word)` returns a 32-bit word of a frame, as a signed number. The
 * constant `P` is the present bit. The lower twelve bits of CR3 say how to cache the
 * directory, and have no part in the walk.
 *
 * @module
 */

import type { PhysicalMemory } from "@pagetable-init/textbook";
import { P } from "@pagetable-init/textbook/mmu";

/** Where a walk ends: at a physical address, or at an entry that is not present. */
export type End = number | "no PDE" | "no PTE";

export function walk(memory: PhysicalMemory, cr3: number, address: number): End {
  const directoryIndex = address >>> 22;
  const tableIndex = (address >>> 12) & 0x3ff;
  // Your lines: about five.
  return address; // as if paging were off
  // End of your lines.
}
