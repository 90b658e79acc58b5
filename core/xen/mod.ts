/**
 * The hypervisor: frame types and counts, validation, hypercalls, store emulation, domain builder. The logic is the same for both releases of
 * Xen; their differences are rows of data (`XEN_RELEASES`).
 *
 * ```text
 *   new Hypervisor({ release, mode, cpu, guestPages, machineFrames, p2m })   a machine and a domain without tables; paging is off
 *   buildDomain(xen, { kernelEnd, minimumMappedBytes })                      the template; root pinned and in CR3. Returns where everything is
 *   xen.store32(hi, lo, value)      `ok` if the CPU or Xen made the store; otherwise the guest's fault and the refusal. Words may be signed
 *   xen.store64(hi, lo, hi, lo)     one 8-byte store
 *   xen.load32(hi, lo)              the word, or the fault
 *   xen.mmuUpdate(mfn, index, hi, lo, command)         a hypercall: `ok`, `rc`, and the refusal
 *   xen.updateVaMapping(hi, lo, entryHi, entryLo, flags)
 *   xen.mmuextOp(MMUEXT.PIN_L3_TABLE, mfn)             pins, base pointers, flushes
 *   xen.setGdt(mfns)  xen.crash(errorCode)  xen.relinquish()
 *   xen.frames.at(mfn)  xen.machine  xen.log  xen.domain.p2m[pfn]  xen.domain.m2p[mfn]  xen.domain.cost  xen.domain.onEntryWrite
 *   XEN_RULES[refusal.rule]         why Xen refuses, and the functions that check it
 *   guestCpu(cpu)                   the CPU that the guest sees by cpuid
 * ```
 *
 * Entries hold machine frames. Linear addresses are two words; the high one is 0, in 4-level mode -1. A 64-bit guest's kernel runs in ring 3:
 * its pages have US, but the error codes that the guest gets say supervisor. A 32-bit guest of Xen 4.17 runs on a CPU in 4-level mode, with its
 * root below an L4 of Xen's.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { buildDomain, Hypervisor, MMUEXT, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["4.17"], mode: MODES["4-level"], cpu: CPUS.today,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * const { ptBase } = buildDomain(xen);
 * const { rc, refusal } = xen.mmuextOp(MMUEXT.PIN_L4_TABLE, xen.domain.p2m[ptBase]);
 * assertEquals([rc, refusal?.rule, refusal?.pfn], [-22, "already-pinned", ptBase]);
 * ```
 *
 * @module
 */

export * from "./contract.ts";
export * from "./cpuid.ts";
export type { Domain, TableValidator } from "./domain.ts";
export * from "./domain_builder.ts";
export * from "./errno.ts";
export * from "./frame_table.ts";
export { Hypervisor } from "./hypervisor.ts";
export type { DomainTraits, LevelRules } from "./level_rules.ts";
export * from "./log.ts";
export {
  DOMID_SELF,
  MMU_MACHPHYS_UPDATE,
  MMU_NORMAL_PT_UPDATE,
  MMU_PT_UPDATE_PRESERVE_AD,
  type MmuUpdate,
} from "./mmu_update.ts";
export { MMUEXT } from "./mmuext_op.ts";
export { describeRefusal, type FrameUse, type XenRefusal } from "./refusal.ts";
export type { HypercallResult, LoadResult, StoreResult } from "./results.ts";
export * from "./rules.ts";
export { type EntryWriteListener, type HypervisorOptions, XEN_FRAMES } from "./options.ts";
export type { FilledSlot } from "./private_slots.ts";
export * from "./releases.ts";
export type { BuildOptions, StartInfo } from "./start_of_day.ts";
export { formatTypeInfo } from "./type_info.ts";
export { UVMF_ALL, UVMF_INVLPG, UVMF_NONE, UVMF_TLB_FLUSH } from "./update_va_mapping.ts";
