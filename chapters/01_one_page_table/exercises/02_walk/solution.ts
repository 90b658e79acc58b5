/**
 * A solution.
 *
 * Alternatives: `(pte & 0xfffff000) >>> 0` keeps the frame where it is and needs no
 * multiplication, but the `>>> 0` is easily forgotten: `&` gives a signed number.
 * `frameOf(hi, lo)` of the library reads the frame of any mode's entry. A loop over the
 * levels of `MODES["two-level"]` does the same for every mode: that is what the library's
 * `explain` is.
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
  const pde = memory.read(cr3 >>> 12, directoryIndex);
  if ((pde & P) === 0) return "no PDE";
  const pte = memory.read(pde >>> 12, tableIndex);
  if ((pte & P) === 0) return "no PTE";
  return (pte >>> 12) * 4096 + (address & 0xfff);
  // End of your lines.
}
