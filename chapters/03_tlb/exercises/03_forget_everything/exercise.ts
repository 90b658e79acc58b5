/**
 * Forget everything.
 *
 * Make the TLB of a machine forget all that it holds, global pages too. Afterwards all
 * registers must be what they were. It must work on any CPU, with global pages or
 * without, whether or not they are turned on.
 *
 * `machine.cr3` and `machine.cr4` read registers; `machine.writeCr3(value)` and
 * `machine.writeCr4(value)` write them, and do what the CPU does then. A CPU refuses a
 * bit of CR4 that it does not have, and for the kernel that is a general protection
 * fault. Leave CR0 alone: with paging off, even for a moment, the next instruction would
 * be fetched from another place. For the same reason CR3 must never lead to other tables,
 * and of CR4 only `PGE` may change. `machine.tlb` is there for the tests: no instruction
 * of a CPU reads the TLB.
 *
 * @module
 */

import type { Machine } from "@pagetable-init/textbook";
import { CR4_PGE } from "@pagetable-init/textbook/mmu";

export function forgetEverything(machine: Machine): void {
  const { cr3, cr4 } = machine;
  // Your lines: about five.
  if ((cr4 & CR4_PGE) === 0) machine.writeCr4(cr4);
  machine.writeCr3(cr3);
  // End of your lines.
}
