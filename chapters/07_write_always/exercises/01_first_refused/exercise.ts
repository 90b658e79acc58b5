/**
 * Find the first refused write.
 *
 * A trace has every write of an entry: the table and index (`pfn`, `index`), the entry
 * before (`old`), what the kernel asked for (`asked`), and what the entry held afterwards
 * (`stored`), as machine words.
 *
 * Find the first write that asked for `RW` and did not get it. Say which page it was
 * about, and whether the boot ended there: a refused write is the last one, while one
 * that a filter has changed is followed by others. Return undefined if there is none.
 *
 * `toPfn` translates a machine frame; a machine word has it in bits 12 to 31. No frame
 * here is above 4 GiB.
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
  return trace.length === 0 ? undefined : { step: trace.length, page: 0, fatal: true };
  // End of your lines.
}
