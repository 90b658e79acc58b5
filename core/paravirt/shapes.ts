/**
 * Checks of the values that pass between a kernel and its back-ends.
 *
 * @module
 */

import { callable, type Check, checkWord, integer, oneOf, shape } from "../check.ts";

/** A kernel's memory. */
export const busShape: Check = shape("a bus", {
  hi: integer(-1, 0),
  entryWords: integer(1, 2),
  load: callable,
  store: callable,
  storeEntry: callable,
});

const storeOrder = oneOf("hi,lo", "lo,hi", "once");

/** Checks the arguments of a bus's `storeEntry`. The words are tested here for the reason that `checkEntry` of the kernel has. */
export function checkStore(address: number, hi: number, lo: number, order: string): void {
  if (
    typeof address !== "number" || typeof hi !== "number" || typeof lo !== "number" || order !== "hi,lo" ||
    (address | 0) !== address || (hi | 0) !== hi || (lo | 0) !== lo
  ) checkRareStore(address, hi, lo, order);
}

/** Apart from `checkStore`, so that V8 inlines that. */
function checkRareStore(address: number, hi: number, lo: number, order: string): void {
  checkWord(address, "address");
  checkWord(hi, "hi");
  checkWord(lo, "lo");
  storeOrder(order, "order");
}

/** A kernel, as a back-end needs it. */
export const kernelServices: Check = shape("a kernel", { bus: busShape, pfnOf: callable, recorded: callable });
