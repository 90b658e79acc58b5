/**
 * Exchange an operation for a while.
 *
 * `temporary` makes another `set_pte` out of the plain one, such as one that never gives
 * `RW`. Put it into the record, do `work`, and put back what was there before, even if
 * `work` throws. If there was no `set_pte`, there is nothing to make another one of: just
 * do the work.
 *
 * @module
 */

import type { EntryWriter, PvOps } from "@pagetable-init/textbook/paravirt";

export function forAWhile(
  ops: Pick<PvOps, "setPte">,
  temporary: (plain: EntryWriter) => EntryWriter,
  work: () => void,
): void {
  // Your lines: about seven.
  if (ops.setPte !== undefined) ops.setPte = temporary(ops.setPte);
  work();
  // End of your lines.
}
