/**
 * The pagetable_init Debate: an executable textbook about who may write a kernel's first page tables.
 *
 * @module
 */

export * from "./core/audit/mod.ts";
export * from "./core/dump/mod.ts";
export * from "./core/mmu/mod.ts";
export * from "./core/xen/mod.ts";
