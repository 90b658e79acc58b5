/**
 * A solution.
 *
 * Alternatives: Linux did it without a `finally`, in two hooks: if anything goes wrong in
 * between there, nobody is left to use the record. Its second hook also did not put back
 * what it had found, which was NULL, but the plain operation by name.
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
  const { setPte } = ops;
  if (setPte !== undefined) ops.setPte = temporary(setPte);
  try {
    work();
  } finally {
    ops.setPte = setPte;
  }
  // End of your lines.
}
