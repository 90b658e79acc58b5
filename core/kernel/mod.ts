/**
 * What the kernel does: layout, boot tables, bootmem, `pagetable_init`. Nothing here knows which strategy runs.
 *
 * @module
 */

export { testWpBit, zapLowMappings } from "./after.ts";
export * from "./bootmem.ts";
export type { BorrowedLeaf } from "./borrowed_leaf.ts";
export { type BootTables, buildBootTables } from "./head.ts";
export * from "./kernel.ts";
export { ADDRESS_SPACES, type AddressSpace, type Layout, layoutOf } from "./layout.ts";
export { mapSmall, pagetableInit, pagingInit } from "./pagetable_init.ts";
export * from "./policy.ts";
export * from "./releases.ts";
