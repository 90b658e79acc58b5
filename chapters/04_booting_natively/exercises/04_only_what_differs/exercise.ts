/**
 * Write only what differs.
 *
 * Between "write always" and "keep what is there" lies a third rule: write an entry
 * unless it holds already what it should. Only `A` and `D` may differ, which the CPU sets
 * by itself. On bare hardware the result must be as good as with "write always".
 *
 * `entry` is the linear address of the entry. `kernel.bus.load(entry)` reads its low
 * word; in PAE, and only there, its high word is at `entry + 4`. `wanted` has the two
 * words that it should hold (unsigned, where `load` is signed), and `kernel.setPte(...)`
 * writes.
 *
 * @module
 */

import type { Kernel } from "@pagetable-init/textbook/kernel";
import { A, D, makeEntry, NX } from "@pagetable-init/textbook/mmu";

export function mapPage(
  kernel: Kernel,
  entry: number,
  pfn: number,
  flags: number,
  nx: boolean,
): void {
  const wanted = makeEntry(kernel.ops.toMachine(pfn), flags | (nx ? NX : 0));
  const isWide = kernel.mode.entryWords === 2;
  // Your lines: about five.
  if (!kernel.present(entry)) {
    kernel.setPte(entry, pfn, flags, nx && isWide && wanted.hi !== 0);
  }
  // End of your lines.
}
