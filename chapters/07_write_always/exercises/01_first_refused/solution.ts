/**
 * A solution.
 *
 * Alternatives: compare the whole words, `asked.lo !== stored.lo`, as the chapter does.
 * In the boots here that finds the same writes; it also finds a write that has lost
 * another bit, and that is not asked. To look at the last write only is enough for a boot
 * that was refused, and says nothing about one that was filtered.
 *
 * @module
 */

import type { Write } from "@pagetable-init/textbook/boot";
import { RW } from "@pagetable-init/textbook/mmu";

/** A write that asked for more than it got. */
export interface Denied {
  /** Number of the write. */
  readonly step: number;
  /** The page that it would have made writable: its pfn. */
  readonly page: number;
  /** Whether it was the end of the boot. */
  readonly fatal: boolean;
}

export function firstDenied(
  trace: readonly Write[],
  toPfn: (mfn: number) => number,
): Denied | undefined {
  // Your lines: about four.
  const denied = trace.find(({ asked, stored }) =>
    (asked.lo & RW) !== 0 && (stored.lo & RW) === 0
  );
  if (denied === undefined) return undefined;
  return {
    step: denied.step,
    page: toPfn(denied.asked.lo >>> 12),
    fatal: denied.step === trace.length,
  };
  // End of your lines.
}
