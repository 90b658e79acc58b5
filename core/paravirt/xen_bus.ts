/**
 * The memory of a kernel under Xen.
 *
 * @module
 */

import { checkWord, flag } from "../check.ts";
import { checkStore } from "./shapes.ts";
import { aHypervisor } from "../xen/hypervisor.ts";
import { type Fault, FETCH, READ, WRITE } from "../mmu/mod.ts";
import { describeRefusal, type Hypervisor, type XenRefusal } from "../xen/mod.ts";
import { guestFault, STORED } from "../xen/results.ts";
import { describeFault } from "./native.ts";
import type { Bus, StoreOrder } from "./ops.ts";
import { Stopped } from "./stop.ts";

/**
 * Kernel memory under Xen: a store that faults goes to the hypervisor, which emulates it or kills the domain.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { Stopped, XenBus } from "@pagetable-init/textbook/paravirt";
 * import { buildDomain, Hypervisor, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const machine = { release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6, machineFrames: 0x8000 };
 * const xen = new Hypervisor({ ...machine, guestPages: 0x4000, p2m: (pfn) => 0x7fff - pfn });
 * const { ptBase } = buildDomain(xen);
 * const bus = new XenBus(xen);
 * bus.store(0xc0100000, 7);
 * assertThrows(() => bus.store(0xc0000000 + ptBase * 4096, 0), Stopped, "store-not-emulated"); // the root table
 * ```
 */
export class XenBus implements Bus {
  readonly hi: number;
  readonly entryWords: 1 | 2;
  readonly #xen: Hypervisor;

  /**
   * The memory of a domain's kernel.
   *
   * @param xen The hypervisor.
   */
  constructor(xen: Hypervisor) {
    aHypervisor(xen, "xen");
    this.#xen = xen;
    this.hi = xen.domain.mode.linearBits > 32 ? -1 : 0;
    this.entryWords = xen.domain.mode.entryWords;
  }

  load(address: number): number {
    checkWord(address, "address");
    return this.#xen.machine.memory.read(this.#frame(address, READ), (address & 0xfff) >>> 2);
  }

  store(address: number, value: number): void {
    checkWord(address, "address");
    checkWord(value, "value");
    const stored = this.#xen.store32(this.hi, address | 0, value);
    if (!stored.ok) this.#crash(stored);
  }

  /** PAE: two stores, two validations; the intermediate entry must be valid by itself (trap T11). Long mode: one store. */
  storeEntry(address: number, hi: number, lo: number, order: StoreOrder = "hi,lo"): void {
    checkStore(address, hi, lo, order);
    const xen = this.#xen;
    let stored = STORED;
    if (this.hi !== 0) stored = xen.store64(this.hi, address | 0, hi, lo);
    else {
      const wide = this.entryWords === 2;
      if (wide && order !== "lo,hi") stored = xen.store32(0, (address + 4) | 0, hi);
      if (stored.ok) stored = xen.store32(0, address | 0, lo);
      if (stored.ok && wide && order === "lo,hi") stored = xen.store32(0, (address + 4) | 0, hi);
    }
    if (!stored.ok) this.#crash(stored);
  }

  clearPage(address: number): void {
    checkWord(address, "address");
    const stored = this.#xen.clearPage(this.hi, address | 0);
    if (!stored.ok) this.#crash(stored);
  }

  probe(address: number, write = false): boolean {
    checkWord(address, "address");
    flag(write, "write");
    return this.#xen.machine.translate(this.hi, address | 0, (write ? WRITE : READ) + this.#xen.domain.ring) >= 0;
  }

  fetch(address: number): void {
    checkWord(address, "address");
    this.#frame(address, FETCH);
  }

  #frame(address: number, access: number): number {
    const { machine, domain } = this.#xen;
    const frame = machine.translate(this.hi, address | 0, access + domain.ring);
    if (frame < 0) this.#crash({ fault: guestFault(domain, this.hi, address | 0, access) }, access === FETCH);
    return frame;
  }

  /** The guest has no handler before `trap_init` (trap T26): the fault that it gets ends the domain. */
  #crash(
    { fault, refusal }: { readonly fault: Fault; readonly refusal?: XenRefusal | undefined },
    fetch = false,
  ): never {
    this.#xen.crash(fault.errorCode);
    const message = `${describeFault(fault, fetch)}; no handler before trap_init, the domain is crashed`;
    if (refusal === undefined) throw new Stopped({ kind: "page-fault", message, fault });
    throw new Stopped({ kind: "refused-by-xen", message: `${describeRefusal(refusal)}; ${message}`, refusal, fault });
  }
}
