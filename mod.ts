/**
 * The pagetable_init Debate: an executable textbook about who may write a kernel's first page tables.
 *
 * Four verbs: `boot` a strategy on a platform, `access` memory on the machine that comes of it, `explain` a walk, `audit` the map.
 *
 * ```ts
 * import { access, audit, boot, explain } from "@pagetable-init/textbook";
 * import { assertEquals } from "@std/assert";
 *
 * const run = boot({ platform: "native-486", strategy: "keep-template", memory: "64M" });
 * assertEquals(run.outcome.ok, true);
 * assertEquals(access(run.machine, 0xc0100000, "write", { user: true }).ok, true); // user mode writes the kernel
 * assertEquals(explain(run.machine, 0xc0100000).steps.length, 2); // no level takes the user's right away
 * assertEquals(audit(run.machine).permissionErrors.userAccessible.pages, 3072);
 * ```
 *
 * @module
 */

export * from "./core/audit/mod.ts";
export { boot, type BootOptions, type Run, voidReason } from "./core/boot.ts";
export * from "./core/dump/mod.ts";
export * from "./core/hosts/mod.ts";
export { type Id, nearestOf } from "./core/ids.ts";
export * from "./core/kernel/mod.ts";
export * from "./core/mapper/mod.ts";
export * from "./core/matrix.ts";
export * from "./core/memory_size.ts";
export * from "./core/mmu/mod.ts";
export * from "./core/paravirt/mod.ts";
export { findPlatform, type Platform, type PlatformId, PLATFORMS } from "./core/platforms.ts";
export * from "./core/strategies/mod.ts";
export * from "./core/tables/mod.ts";
export * from "./core/trace/mod.ts";
export * from "./core/xen/mod.ts";
