/**
 * A solution.
 *
 * Alternatives: a `Proxy`, JavaScript's object that is told of every access to another,
 * around the whole record also sees operations that are put in later; this spy is gone as
 * soon as a back-end fills the field anew. Both are blind to a call site that has been
 * patched.
 *
 * @module
 */

import type { EntryWriter, PvOps } from "@pagetable-init/textbook/paravirt";

export function watchSetPte(ops: Pick<PvOps, "setPte">, onWrite: EntryWriter): void {
  // Your lines: about six.
  const { setPte } = ops;
  if (setPte === undefined) return;
  ops.setPte = (entry, hi, lo) => {
    onWrite(entry, hi, lo);
    setPte(entry, hi, lo);
  };
  // End of your lines.
}
