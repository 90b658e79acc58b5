/**
 * The boundary: the record of paravirt operations, and its native, Xen, lguest and VMI back-ends.
 *
 * @module
 */

export * from "./lguest.ts";
export * from "./native.ts";
export * from "./ops.ts";
export * from "./special_pages.ts";
export * from "./stop.ts";
export * from "./vmi.ts";
export * from "./xen.ts";
