/**
 * All that is public, whatever the part.
 *
 * @module
 */
export * from "../../core/audit/mod.ts";
export * from "../../core/mod.ts";
export * from "../../core/dump/mod.ts";
export * from "../../core/hosts/mod.ts";
export * from "../../core/kernel/mod.ts";
export * from "../../core/mapper/mod.ts";
export * from "../../core/mmu/mod.ts";
export * from "../../core/paravirt/mod.ts";
export * from "../../core/strategies/mod.ts";
export * from "../../core/tables/mod.ts";
export * from "../../core/xen/mod.ts";
export * from "../../core/recording/mod.ts";
