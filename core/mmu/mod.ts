/**
 * What the CPU does: paging modes, entries, memory, registers, walks, permissions, TLB, faults.
 *
 * Sections of the Intel SDM (Software Developer's Manual) are numbered as in the editions in which volume 3A has paging in chapter 4
 * and memory cache control in chapter 11; later ones have moved both by one.
 *
 * @module
 */

export * from "./address.ts";
export * from "./bits.ts";
export * from "./cpus.ts";
export * from "./entry.ts";
export * from "./explain.ts";
export * from "./explanation.ts";
export * from "./faults.ts";
export * from "./machine.ts";
export * from "./memory.ts";
export * from "./memory_type.ts";
export * from "./modes.ts";
export * from "./permissions.ts";
export { selectMode } from "./register_rules.ts";
export * from "./registers.ts";
export * from "./tlb.ts";
export * from "./walk.ts";
