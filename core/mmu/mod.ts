/**
 * The emulated MMU: paging modes, entries, memory, registers, walks, permissions, TLB, faults.
 *
 * Sections of the Intel SDM (Software Developer's Manual) are numbered as in the editions in which volume 3A has paging in chapter 4
 * and memory cache control in chapter 11; later ones have moved both by one.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, explain, Machine, P, PhysicalMemory, RW } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * machine.memory.write(0x1, 768, 0x2000 | P | RW); // the directory's entry for 0xc0000000
 * machine.memory.write(0x2, 0x100, 0x100000 | P); // a page that is read-only
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0001); // paging, write protect
 * assertEquals(explain(machine, 0xc0100000).steps.map(({ revoked }) => revoked), [["user"], ["write"]]);
 * ```
 *
 * @module
 */

export { access, type AllowedAccess } from "./access.ts";
export { ACCESS_KINDS, type AccessOptions } from "./access_kind.ts";
export * from "./address.ts";
export * from "./bits.ts";
export { type Cpu, CPUS } from "./cpus.ts";
export { type Entry, flagsOf, frameOf, leafFrame, makeEntry, makeLeaf, patIndex, protectionKey } from "./entry.ts";
export { formatFlags } from "./entry_flags.ts";
export { explain } from "./explain.ts";
export * from "./explanation.ts";
export type { Access, AccessKind, Fault, GeneralProtection, PageFault, PageFaultReason } from "./faults.ts";
export { GENERAL_PROTECTION, type LoadedWord, Machine } from "./machine.ts";
export * from "./memory.ts";
export * from "./memory_type.ts";
export * from "./modes.ts";
export {
  FETCH,
  type PermissionRegisters,
  READ,
  RIGHT_D,
  RIGHT_KEY_SHIFT,
  RIGHT_NX,
  RIGHT_RW,
  RIGHT_US,
  USER,
  WRITE,
} from "./permissions.ts";
export { selectMode } from "./register_rules.ts";
export type { Registers } from "./registers.ts";
export type { RegisterFile } from "./register_file.ts";
export { pdpteReserved, reservedBits } from "./reserved_bits.ts";
export type * from "./snapshot.ts";
export * from "./target.ts";
export { Tlb } from "./tlb.ts";
export { type TlbBank, type TlbEntry } from "./tlb_bank.ts";
