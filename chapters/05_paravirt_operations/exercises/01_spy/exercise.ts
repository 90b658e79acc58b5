/**
 * Put a spy in.
 *
 * Replace `set_pte` in a record of operations by a function that tells `onWrite` what is
 * about to be written, and then does what the old one did. Where there is no `set_pte`
 * yet, as under Xen before the boot begins, leave it so.
 *
 * The spy must see the entry as it was: `onWrite` comes first.
 *
 * @module
 */

import type { EntryWriter, PvOps } from "@pagetable-init/textbook/paravirt";

export function watchSetPte(ops: Pick<PvOps, "setPte">, onWrite: EntryWriter): void {
  // Your lines: about six.
  ops.setPte = (entry, hi, lo) => onWrite(entry, hi, lo);
  // End of your lines.
}
