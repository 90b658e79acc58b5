/**
 * A solution.
 *
 * Alternatives: ask for the pages that the map leaves out instead, which needs the end of
 * memory too. A property that is right says nothing about all the honest machines, and
 * that takes as much care as the machines that it is after: a limit that is one off, and
 * the hunt reports a rule that did nothing wrong. It should look at the result, the map
 * and the tables, and not at the options of the boot: those know what was asked for, and
 * not that a PC has a hole of its own.
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
  const isMemory = (pfn: number) =>
    usable.some(({ first, end }) => pfn >= first && pfn < end);
  const lost = tablesTaken(run).find((pfn) => !isMemory(pfn));
  if (lost === undefined) return undefined;
  return `pfn 0x${lost.toString(16)} is a page table and no memory`;
  // End of your lines.
}
