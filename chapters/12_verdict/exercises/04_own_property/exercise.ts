/**
 * A property of your own.
 *
 * `deno task hunt` tries to refute a property on machine after machine. A property is a
 * function: it looks at a boot and says why its claim does not hold, in words that name
 * the first thing that is wrong. If the claim holds it gives `undefined`.
 *
 * The claim here: no page table lies where there is no memory. The memory map of a PC
 * leaves out the pages from 0x9f to 0xff, and other machines leave out others. Version
 * 0.1 of this book did not look at the map: its bootmem handed out pages of the hole, and
 * every boot went through.
 *
 * `layout.usable` is the kernel's memory map: ranges of pages that are memory, `first` to
 * `end` - 1. `tablesTaken(run)` gives the pfns of the page tables that the kernel took
 * while it built its tables. (Those of head.S and of the kernel's image are not among
 * them: the linker decides where they are.)
 *
 * @module
 */

import type { Run } from "@pagetable-init/textbook";
import { tableUses } from "@pagetable-init/textbook/tables";

/** pfns of the page tables that a machine has in use. */
function tablesIn({ machine }: Run): number[] {
  const { m2p } = machine.guest;
  const frames = [...tableUses(machine.guest)].map(({ frame }) => frame);
  return frames.map((frame) => m2p === undefined ? frame : m2p[frame] ?? -1);
}

/** pfns of the page tables that the kernel took while it built its tables. */
export function tablesTaken(run: Run): number[] {
  const { textStart, kernelEnd } = run.kernel.layout;
  const before = new Set(tablesIn(run.at(0)));
  return tablesIn(run).filter((pfn) =>
    !before.has(pfn) && (pfn < textStart / 4096 || pfn >= kernelEnd / 4096)
  );
}

/** Why a boot has a table where there is no memory; `undefined` if it has none. */
export function tableOutsideMemory(run: Run): string | undefined {
  const { usable } = run.kernel.layout;
  // Your lines: about four.
  return usable.length === 0 ? "there is no memory at all" : undefined;
  // End of your lines.
}
