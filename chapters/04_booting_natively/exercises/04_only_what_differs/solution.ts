/**
 * A solution.
 *
 * Alternatives: compare field by field, frame, flags, NX; longer, and each field can be
 * forgotten. Is the rule any use? Natively it saves nothing, as no entry of head.S is
 * right. Under Xen it fails like "write always": a read-only entry differs from what the
 * kernel wants, so it is written. The rule is about economy, and the debate was about
 * permission.
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
  const lo = kernel.bus.load(entry);
  const hi = isWide ? kernel.bus.load(entry + 4) : 0;
  const isSame = ((lo ^ wanted.lo) & ~(A | D)) === 0 &&
    (!isWide || (hi ^ wanted.hi) === 0);
  if (!isSame) kernel.setPte(entry, pfn, flags, nx);
  // End of your lines.
}
