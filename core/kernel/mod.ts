/**
 * What the kernel does: layout, boot tables, bootmem, `pagetable_init`. Nothing here knows which strategy runs.
 *
 * @module
 */

export * from "./after.ts";
export * from "./bootmem.ts";
export * from "./borrowed_leaf.ts";
export * from "./head.ts";
export * from "./kernel.ts";
export * from "./layout.ts";
export * from "./pagetable_init.ts";
export * from "./policy.ts";
export * from "./releases.ts";
export * from "./tables.ts";
