/**
 * What the CPU does: paging modes, entries, memory, registers, walks, permissions, TLB, faults.
 *
 * @module
 */

export * from "./address.ts";
export * from "./bits.ts";
export * from "./cpus.ts";
export * from "./entry.ts";
export * from "./explain.ts";
export * from "./faults.ts";
export * from "./machine.ts";
export * from "./memory.ts";
export * from "./memory_type.ts";
export * from "./modes.ts";
export * from "./permissions.ts";
export * from "./registers.ts";
export * from "./tlb.ts";
export * from "./walk.ts";
