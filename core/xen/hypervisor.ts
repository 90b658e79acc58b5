/**
 * The hypervisor with its one domain: the hypercalls, stores and loads of a paravirtual kernel.
 *
 * @module
 */

import {
  type Check,
  checkFrame,
  checkWord,
  frameNumber,
  instance,
  integer,
  list,
  optional,
  shape,
  word,
} from "../check.ts";
import { type Machine, READ, WRITE } from "../mmu/mod.ts";
import type { XenRelease } from "./contract.ts";
import { Domain } from "./domain.ts";
import type { FrameTable } from "./frame_table.ts";
import type { XenLogLine } from "./log.ts";
import { DOMID_SELF, type MmuUpdate, mmuUpdate, mmuUpdates } from "./mmu_update.ts";
import { mmuextOp } from "./mmuext_op.ts";
import type { HypervisorOptions } from "./options.ts";
import type { XenRefusal } from "./refusal.ts";
import { relinquish } from "./relinquish.ts";
import {
  guestFault,
  type HypercallResult,
  hypercallResult,
  type LoadResult,
  STORED,
  type StoreResult,
} from "./results.ts";
import { setGdt } from "./set_gdt.ts";
import { emulateStore, GUESTS_FAULT, whyNotEmulated } from "./store_emulation.ts";
import { storeUnaligned } from "./unaligned_store.ts";
import { updateVaMapping } from "./update_va_mapping.ts";
import { TABLES } from "./validate.ts";

const OFFSET = 0xfff;

/**
 * A Xen-like hypervisor and its one domain.
 *
 * The guest's page tables are those that the CPU walks; they hold machine frames. The guest changes them by hypercalls, or by stores to L1 tables that
 * are checked one by one. Each request returns a value with `ok`. If `ok` is false, it has the `refusal` with its rule, the error number `rc`
 * for a hypercall, and the `fault` for a store or load.
 *
 * Linear addresses are two signed 32-bit words; the high one is 0 in the 32-bit modes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { buildDomain, Hypervisor, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * const { pageTables } = buildDomain(xen);
 * const root = pageTables[0] ?? 0;
 * const stored = xen.store32(0, 0xc0000000 + root * 4096 | 0, 0);
 * assertEquals(stored.fault?.errorCode, 3);
 * assertEquals(stored.refusal?.rule, "store-not-emulated"); // the L3 table
 * assertEquals(xen.frames.at(xen.domain.p2m[root] ?? 0).typeCount, 2); // pinned, and in CR3
 * ```
 */
export class Hypervisor {
  /** The domain. */
  readonly domain: Domain;
  /** The release of Xen. */
  readonly release: XenRelease;
  /** The CPU as Xen sets it. */
  readonly machine: Machine;
  /** The frame table. */
  readonly frames: FrameTable;
  /** Lines that Xen printed, oldest first. */
  readonly log: XenLogLine[];

  /**
   * A hypervisor whose domain is not built yet.
   *
   * @param options What the domain is made of.
   * @throws {RangeError} If the release has no contract for the mode, the CPU cannot run it, or the p2m does not fit.
   */
  constructor(options: HypervisorOptions) {
    this.domain = new Domain(options, TABLES);
    this.release = this.domain.release;
    this.machine = this.domain.machine;
    this.frames = this.domain.frames;
    this.log = this.domain.log;
  }

  /**
   * The hypercall mmu_update with one request.
   *
   * @param ptrMfn Machine frame that holds the entry (of `MMU_MACHPHYS_UPDATE`: the frame meant).
   * @param index Index of the entry.
   * @param hi High word of the value.
   * @param lo Low word.
   * @param command `MMU_…`; a checked write unless said otherwise.
   * @returns The result: `ok`, and the refusal or fault if it is false.
   */
  mmuUpdate(ptrMfn: number, index: number, hi: number, lo: number, command = 0): HypercallResult {
    checkRequest(ptrMfn, index, hi, lo, command);
    this.domain.cost.hypercalls++;
    return hypercallResult(mmuUpdate(this.domain, ptrMfn, index, hi, lo, command));
  }

  /**
   * The hypercall mmu_update with a batch. It stops at the first request that is refused.
   *
   * @param requests The requests.
   * @param foreigndom Domain that owns the frames; any other than `DOMID_SELF` is -ESRCH.
   * @returns The result, and the number of requests done.
   */
  mmuUpdates(requests: readonly MmuUpdate[], foreigndom: number = DOMID_SELF): HypercallResult & { done: number } {
    list(REQUEST)(requests, "requests");
    integer(0, 0xffff)(foreigndom, "foreigndom");
    this.domain.cost.hypercalls++;
    const { done, refusal } = mmuUpdates(this.domain, requests, foreigndom);
    return { ...hypercallResult(refusal), done };
  }

  /**
   * The hypercall update_va_mapping: the L1 entry of an address in the tables that are loaded.
   *
   * @param hi High word of the linear address.
   * @param lo Low word.
   * @param entryHi High word of the entry.
   * @param entryLo Low word.
   * @param flags `UVMF_…`; no flush unless said otherwise.
   * @returns The result: `ok`, and the refusal or fault if it is false.
   */
  updateVaMapping(hi: number, lo: number, entryHi: number, entryLo: number, flags = 0): HypercallResult {
    checkAddress(hi, lo);
    checkWord(entryHi, "entryHi");
    checkWord(entryLo, "entryLo");
    checkWord(flags, "flags");
    this.domain.cost.hypercalls++;
    return hypercallResult(updateVaMapping(this.domain, hi, lo, entryHi, entryLo, flags));
  }

  /**
   * The hypercall mmuext_op with one operation.
   *
   * @param command `MMUEXT`.
   * @param mfn Machine frame that it is about.
   * @param hi High word of a linear address (INVLPG), or the source frame of COPY_PAGE.
   * @param lo Low word of the linear address.
   * @returns The result: `ok`, and the refusal or fault if it is false.
   */
  mmuextOp(command: number, mfn = 0, hi = 0, lo = 0): HypercallResult {
    checkFrame(command, "command");
    checkFrame(mfn, "mfn");
    checkAddress(hi, lo);
    this.domain.cost.hypercalls++;
    return hypercallResult(mmuextOp(this.domain, command, mfn, hi, lo));
  }

  /**
   * The hypercall set_gdt.
   *
   * @param mfns Machine frames of the descriptor table, at most 14.
   * @returns The result: `ok`, and the refusal or fault if it is false.
   */
  setGdt(mfns: readonly number[]): HypercallResult {
    list(frameNumber)(mfns, "mfns");
    this.domain.cost.hypercalls++;
    return hypercallResult(setGdt(this.domain, mfns));
  }

  /**
   * A 4-byte store of the guest's kernel.
   *
   * @param hi High word of the linear address.
   * @param lo Low word.
   * @param value What is stored.
   * @returns The result: `ok`, and the refusal or fault if it is false.
   */
  store32(hi: number, lo: number, value: number): StoreResult {
    checkAddress(hi, lo);
    checkWord(value, "value");
    const { domain, machine } = this;
    if ((lo & 3) !== 0) return storeUnaligned(domain, hi, lo, [value]);
    const frame = machine.translate(hi, lo, WRITE + domain.ring);
    if (frame < 0) {
      const reason = emulateStore(domain, frame, hi, lo, 4, 0, value);
      return reason === undefined ? STORED : this.#failed(reason, hi, lo);
    }
    machine.memory.write(frame, (lo & OFFSET) >>> 2, value);
    return STORED;
  }

  /**
   * An 8-byte store of the guest's kernel: one store of a 64-bit kernel, or `cmpxchg8b`. The guest's entries have two words.
   *
   * @param hi High word of the linear address.
   * @param lo Low word.
   * @param valueHi High word of what is stored.
   * @param valueLo Low word.
   * @returns The result: `ok`, and the refusal or fault if it is false.
   */
  store64(hi: number, lo: number, valueHi: number, valueLo: number): StoreResult {
    checkAddress(hi, lo);
    checkWord(valueHi, "valueHi");
    checkWord(valueLo, "valueLo");
    const { domain, machine } = this;
    if ((lo & 7) !== 0) return storeUnaligned(domain, hi, lo, [valueLo, valueHi]);
    const frame = machine.translate(hi, lo, WRITE + domain.ring);
    if (frame < 0) {
      const reason = emulateStore(domain, frame, hi, lo, 8, valueHi, valueLo);
      return reason === undefined ? STORED : this.#failed(reason, hi, lo);
    }
    const word = (lo & OFFSET) >>> 2;
    machine.memory.write(frame, word, valueLo);
    machine.memory.write(frame, word + 1, valueHi);
    return STORED;
  }

  /**
   * The guest's kernel fills a page with zeros. Only ordinary pages are supported, because kernels clear a page before it becomes a table.
   *
   * @param hi High word of the page's linear address.
   * @param lo Low word.
   * @returns The result: `ok`, and the refusal or fault if it is false.
   */
  clearPage(hi: number, lo: number): StoreResult {
    checkAddress(hi, lo);
    const { domain, machine } = this;
    const frame = machine.translate(hi, lo, WRITE + domain.ring);
    if (frame < 0) return this.#failed(whyNotEmulated(domain, hi, lo), hi, lo);
    machine.memory.clearFrame(frame);
    return STORED;
  }

  /**
   * A 4-byte load of the guest's kernel.
   *
   * @param hi High word of the linear address.
   * @param lo Low word, a multiple of 4.
   * @returns The word, unsigned, or the fault.
   */
  load32(hi: number, lo: number): LoadResult {
    checkAddress(hi, lo);
    const { domain, machine } = this;
    const frame = machine.translate(hi, lo, READ + domain.ring);
    if (frame < 0) return Object.freeze({ ok: false, fault: guestFault(domain, hi, lo, READ) });
    return { ok: true, value: machine.memory.read(frame, (lo & OFFSET) >>> 2) >>> 0 };
  }

  /**
   * Kills a domain that has no handler for its page fault (trap T26), and logs that.
   *
   * @param errorCode Error code of the page fault.
   */
  crash(errorCode: number): void {
    integer(0, 0xffff)(errorCode, "errorCode");
    this.domain.print("unhandled-fault", undefined, { domain: this.domain.id, ec: errorCode });
  }

  /** Tears the domain down: drops base pointers, pins and the descriptor table. Only the allocation's reference to each frame remains. */
  relinquish(): void {
    relinquish(this.domain);
  }

  #failed(reason: typeof GUESTS_FAULT | XenRefusal, hi: number, lo: number): StoreResult {
    const fault = guestFault(this.domain, hi, lo, WRITE);
    return Object.freeze({ ok: false, fault, refusal: reason === GUESTS_FAULT ? undefined : reason });
  }
}

function checkAddress(hi: number, lo: number): void {
  checkWord(hi, "hi");
  checkWord(lo, "lo");
}

function checkRequest(ptrMfn: number, index: number, hi: number, lo: number, command: number): void {
  checkFrame(ptrMfn, "ptrMfn");
  checkFrame(index, "index");
  checkWord(hi, "hi");
  checkWord(lo, "lo");
  checkFrame(command, "command");
}

const REQUEST = shape("a request of mmu_update", {
  mfn: frameNumber,
  index: frameNumber,
  hi: word,
  lo: word,
  command: optional(frameNumber),
});

/** The check of a hypervisor. */
export const aHypervisor: Check = instance(Hypervisor, "a Hypervisor");
