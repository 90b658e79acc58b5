/**
 * A solution.
 *
 * Alternatives: free first and release afterwards: as long as nobody allocates in
 * between, that is the same, and it is the order in which one day somebody will. Linux
 * 2.6.39 did it in a hook, `pagetable_reserve`, which natively reserves what was used
 * (there the range was never reserved as a whole) and under Xen makes the rest writable
 * first.
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy, pgtBufOf } from "@pagetable-init/textbook/strategies";

export function giveBack(kernel: Kernel): void {
  const { end, top } = pgtBufOf(kernel);
  // Your lines: about four.
  for (let pfn = end; pfn < top; pfn++) kernel.ops.releasePt(pfn);
  kernel.bootmem.free(end, top);
  // End of your lines.
}

/** The rule of 2.6.39 with this end. */
export const generous: Strategy = {
  ...findStrategy("table-range"),
  id: "generous",
  finish: giveBack,
};
