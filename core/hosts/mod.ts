/**
 * The hypervisors beside Xen: lguest's shadow pager, and what a VMI hypervisor has to be told.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SHADOW_FRAMES } from "@pagetable-init/textbook/hosts";
 *
 * assertEquals(SHADOW_FRAMES, 1 + 1024); // lguest keeps a root and a table for each of its entries
 * ```
 *
 * @module
 */

export * from "./lguest.ts";
export * from "./vmi.ts";
