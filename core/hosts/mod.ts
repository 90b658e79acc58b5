/**
 * The hypervisors beside Xen: lguest's shadow pager, and what a VMI hypervisor has to be told.
 *
 * @module
 */

export * from "./lguest.ts";
export * from "./vmi.ts";
