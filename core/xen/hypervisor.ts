/**
 * The hypervisor with its one domain: what a paravirtual kernel can ask of it.
 *
 * @module
 */

import type { Fault } from "../mmu/mod.ts";
import { Domain } from "./domain.ts";
import { DOMID_SELF, type MmuUpdate, mmuUpdate, type MmuUpdateResult, mmuUpdates } from "./mmu_update.ts";
import { mmuextOp } from "./mmuext_op.ts";
import type { HypervisorOptions } from "./options.ts";
import { relinquish } from "./relinquish.ts";
import { setGdt } from "./set_gdt.ts";
import { clearPage, load32, store32, store64 } from "./store_emulation.ts";
import { updateVaMapping } from "./update_va_mapping.ts";
import { TABLES } from "./validate.ts";

/**
 * A Xen-like hypervisor and its one domain.
 *
 * The guest's page tables are those that the CPU walks; they hold machine frames. The guest changes them by hypercalls, or by stores to L1 tables that
 * are checked one by one. Hypercalls return 0 or a negative error number; stores and loads return a fault as a value.
 *
 * Linear addresses are two signed 32-bit words; the high one is 0 in the 32-bit modes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { buildDomain, CPUS, Hypervisor, MODES, XEN_RELEASES } from "@pagetable-init/textbook";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * const { pageTables } = buildDomain(xen);
 * const root = pageTables[0] ?? 0;
 * assertEquals(xen.store32(0, 0xc0000000 + root * 4096 | 0, 0)?.errorCode, 3); // a store to the L3 table is not emulated
 * assertEquals(xen.frames.at(xen.p2m[root] ?? 0).typeCount, 2); // pinned, and in CR3
 * ```
 */
export class Hypervisor extends Domain {
  /**
   * A hypervisor whose domain is not built yet.
   *
   * @param options What the domain is made of.
   * @throws {RangeError} If the release has no contract for the mode, the CPU cannot run it, or the p2m does not fit.
   */
  constructor(options: HypervisorOptions) {
    super(options, TABLES);
  }

  /**
   * The hypercall mmu_update with one request.
   *
   * @param ptrMfn Machine frame that holds the entry (of `MMU_MACHPHYS_UPDATE`: the frame meant).
   * @param index Index of the entry.
   * @param lo Low word of the value.
   * @param hi High word.
   * @param command `MMU_…`; a checked write unless said otherwise.
   * @returns 0 or a negative error number.
   */
  mmuUpdate(ptrMfn: number, index: number, lo: number, hi: number, command = 0): number {
    this.cost.hypercalls++;
    return mmuUpdate(this, ptrMfn, index, lo, hi, command);
  }

  /**
   * The hypercall mmu_update with a batch. It stops at the first request that fails.
   *
   * @param requests The requests.
   * @param foreigndom Whose frames are meant; any other than `DOMID_SELF` is -ESRCH.
   * @returns Error number, and how many were done.
   */
  mmuUpdates(requests: readonly MmuUpdate[], foreigndom: number = DOMID_SELF): MmuUpdateResult {
    this.cost.hypercalls++;
    return mmuUpdates(this, requests, foreigndom);
  }

  /**
   * The hypercall update_va_mapping: the L1 entry of an address in the tables that are loaded.
   *
   * @param hi High word of the linear address.
   * @param lo Low word.
   * @param entryLo Low word of the entry.
   * @param entryHi High word.
   * @param flags `UVMF_…`; no flush unless said otherwise.
   * @returns 0 or a negative error number.
   */
  updateVaMapping(hi: number, lo: number, entryLo: number, entryHi: number, flags = 0): number {
    this.cost.hypercalls++;
    return updateVaMapping(this, hi, lo, entryLo, entryHi, flags);
  }

  /**
   * The hypercall mmuext_op with one operation.
   *
   * @param command `MMUEXT`.
   * @param mfn Machine frame that it is about.
   * @param hi High word of a linear address (INVLPG), or the source frame of COPY_PAGE.
   * @param lo Low word of the linear address.
   * @returns 0 or a negative error number.
   */
  mmuextOp(command: number, mfn = 0, hi = 0, lo = 0): number {
    this.cost.hypercalls++;
    return mmuextOp(this, command, mfn, hi, lo);
  }

  /**
   * The hypercall set_gdt.
   *
   * @param mfns Machine frames of the descriptor table.
   * @returns 0 or a negative error number.
   */
  setGdt(mfns: readonly number[]): number {
    this.cost.hypercalls++;
    return setGdt(this, mfns);
  }

  /**
   * A 4-byte store of the guest's kernel.
   *
   * @param hi High word of the linear address.
   * @param lo Low word.
   * @param value What is stored.
   * @returns Undefined if the store was made, by the CPU or by Xen; else the fault that the guest gets.
   */
  store32(hi: number, lo: number, value: number): Fault | undefined {
    return store32(this, hi, lo, value);
  }

  /**
   * An 8-byte store of the guest's kernel: one store of a 64-bit kernel, or `cmpxchg8b`.
   *
   * @param hi High word of the linear address.
   * @param lo Low word.
   * @param valueLo Low word of what is stored.
   * @param valueHi High word.
   * @returns As `store32`.
   */
  store64(hi: number, lo: number, valueLo: number, valueHi: number): Fault | undefined {
    return store64(this, hi, lo, valueLo, valueHi);
  }

  /**
   * A page filled with zeros by the guest's kernel: stores that must land.
   *
   * @param hi High word of the page's linear address.
   * @param lo Low word.
   * @returns Undefined if they did; else the fault that the guest gets.
   */
  clearPage(hi: number, lo: number): Fault | undefined {
    return clearPage(this, hi, lo);
  }

  /**
   * A 4-byte load of the guest's kernel.
   *
   * @param hi High word of the linear address.
   * @param lo Low word, a multiple of 4.
   * @returns The word, signed, or the fault.
   */
  load32(hi: number, lo: number): number | Fault {
    return load32(this, hi, lo);
  }

  /**
   * The end of a domain that has no handler for the fault that it got (trap T26). Says so in the log.
   *
   * @param errorCode Error code of the page fault.
   */
  crash(errorCode: number): void {
    this.print("unhandled-fault", { domain: this.id, ec: errorCode });
  }

  /** Tears the domain down: base pointers, pins and the descriptor table are dropped. Every count falls to that of the allocation. */
  relinquish(): void {
    relinquish(this);
  }
}
