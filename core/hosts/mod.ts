/**
 * The hypervisors other than Xen: lguest's shadow pager, and a VMI hypervisor's record of announced tables.
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

export { LguestHost, SHADOW_FRAMES } from "./lguest.ts";
export { VmiHost } from "./vmi.ts";
