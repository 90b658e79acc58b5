/**
 * A solution.
 *
 * Alternatives: INVLPG for every page of 4 GiB works and takes a million instructions.
 * Toggling PGE when it was off before is right on CPUs that have it, but pointless: while
 * it is off, no line is global. Linux's `__flush_tlb_all` does as here.
 *
 * @module
 */

import type { Machine } from "@pagetable-init/textbook";
import { CR4_PGE } from "@pagetable-init/textbook/mmu";

export function forgetEverything(machine: Machine): void {
  const { cr3, cr4 } = machine;
  // Your lines: about five.
  if ((cr4 & CR4_PGE) === 0) {
    machine.writeCr3(cr3);
  } else {
    machine.writeCr4(cr4 & ~CR4_PGE);
    machine.writeCr4(cr4);
  }
  // End of your lines.
}
