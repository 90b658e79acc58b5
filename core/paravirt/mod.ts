/**
 * The boundary: the record of paravirt operations, and its native, Xen, lguest and VMI back-ends.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { nativeOps, type PvOps } from "@pagetable-init/textbook/paravirt";
 *
 * // What the kernel calls under Xen, and what it would call on bare metal.
 * const { machine, kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
 * const both: PvOps[] = [kernel.ops, nativeOps(machine, kernel)];
 * assertEquals(both.map(({ name }) => name), ["Xen", "bare hardware"]);
 * assertEquals(both.map((ops) => ops.toMachine(5) === 5), [false, true]);
 * ```
 *
 * @module
 */

export * from "./lguest.ts";
export * from "./native.ts";
export * from "./ops.ts";
export { type PageProperty, SpecialPages, type SpecialRange } from "./special_pages.ts";
export * from "./stop.ts";
export * from "./vmi.ts";
export * from "./xen.ts";
export * from "./xen_bus.ts";
