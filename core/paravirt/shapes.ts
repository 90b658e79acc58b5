/**
 * The checks of a back-end's arguments.
 *
 * @module
 */

import { callable, type Check, checkWord, instance, integer, oneOf, shape } from "../check.ts";
import { LguestHost, VmiHost } from "../hosts/mod.ts";
import { Machine } from "../mmu/mod.ts";
import { Hypervisor } from "../xen/mod.ts";

/** A machine. */
export const aMachine: Check = instance(Machine, "a machine");
/** lguest's host. */
export const anLguestHost: Check = instance(LguestHost, "an LguestHost");
/** A host of VMI. */
export const aVmiHost: Check = instance(VmiHost, "a VmiHost");
/** Xen. */
export const aHypervisor: Check = instance(Hypervisor, "a Hypervisor");

/** A kernel's memory. */
export const busShape: Check = shape("a bus", {
  hi: integer(-1, 0),
  entryWords: integer(1, 2),
  load: callable,
  store: callable,
  storeEntry: callable,
});

const storeOrder = oneOf("hi,lo", "lo,hi", "once");

/** Checks the arguments of a bus's `storeEntry`. */
export function checkStore(address: number, hi: number, lo: number, order: string): void {
  checkWord(address, "address");
  checkWord(hi, "hi");
  checkWord(lo, "lo");
  if (order !== "hi,lo") storeOrder(order, "order");
}

/** A kernel, as a back-end needs it. */
export const kernelServices: Check = shape("a kernel", { bus: busShape, pfnOf: callable, recorded: callable });
