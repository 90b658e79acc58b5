/**
 * Booting: platforms, which strategy can run on which, the run and its trace of writes, and the matrix of all runs.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { findPlatform, parseMemory, voidReason } from "@pagetable-init/textbook/boot";
 * import { findStrategy } from "@pagetable-init/textbook/strategies";
 *
 * const platform = findPlatform("xen-pae");
 * const strategy = findStrategy("filter-set-pte");
 * assertEquals(voidReason(strategy, platform), undefined); // the two go together
 * const run = boot({ platform, strategy, memory: parseMemory("64M") });
 * assertEquals(run.trace.length, run.cost.entryWrites);
 * ```
 *
 * @module
 */

export { boot, type BootOptions, type Run, voidReason } from "./boot.ts";
export { type Id } from "./ids.ts";
export * from "./matrix.ts";
export { parseMemory } from "./memory_size.ts";
export { findPlatform, type Platform, type PlatformId, PLATFORMS } from "./platforms.ts";
export * from "./trace/mod.ts";
