/**
 * The kernel: layout, boot tables, bootmem, `pagetable_init`. No code here depends on which strategy runs.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MODES } from "@pagetable-init/textbook";
 * import { ADDRESS_SPACES, KERNEL_RELEASES, layoutOf } from "@pagetable-init/textbook/kernel";
 *
 * const layout = layoutOf(ADDRESS_SPACES.native, MODES.pae, 1024 * 2 ** 20, 0x500000);
 * assertEquals(layout.maxLowPfn * 4096 / 2 ** 20, 896); // the rest is high memory
 * assertEquals(KERNEL_RELEASES["2.6.22"].initMapBeyondEnd[2], 0x828000);
 * ```
 *
 * @module
 */

export { testWpBit, zapLowMappings } from "./after.ts";
export { bootKernel, type Outcome } from "./boot_kernel.ts";
export * from "./bootmem.ts";
export { DEFAULT_CONFIG, type FixmapSlots, fixmapSlots, type KernelConfig } from "./config.ts";
export { type BootTables, buildBootTables } from "./head.ts";
export { Kernel } from "./kernel.ts";
export { ADDRESS_SPACES, type AddressSpace, type KernelBuild, type Layout, layoutOf } from "./layout.ts";
export { type MemoryMapKind, type PageRun, usablePages } from "./memory_map.ts";
export * from "./page_structures.ts";
export type { CpuFeatures, KernelParts } from "./parts.ts";
export { mapSmall, pagetableInit, pagingInit } from "./pagetable_init.ts";
export * from "./policy.ts";
export * from "./releases.ts";
