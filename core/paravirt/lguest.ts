/**
 * The kernel's side of lguest.
 *
 * @module
 */

import { checkStore, kernelServices } from "./shapes.ts";
import { anLguestHost } from "../hosts/lguest.ts";
import { aMachine } from "../mmu/machine.ts";
import { checkArguments, checkWord, flag } from "../check.ts";
import type { LguestHost } from "../hosts/lguest.ts";
import { FETCH, type Machine, READ, WRITE } from "../mmu/mod.ts";
import { faultAt } from "../mmu/fault_at.ts";
import { describeFault, nativeOps } from "./native.ts";
import type { Bus, EntryWriter, KernelServices, PvOps, StoreOrder } from "./ops.ts";
import { SpecialPages } from "./special_pages.ts";
import { Stopped } from "./stop.ts";

/**
 * Kernel memory under lguest: through the host's shadow tables.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { LguestBus } from "@pagetable-init/textbook/paravirt";
 *
 * const { kernel } = boot({ platform: "lguest", strategy: "write-always", memory: "64M" });
 * assertEquals(kernel.bus instanceof LguestBus, true);
 * assertEquals(kernel.bus.probe(0xc0100000, true), true);
 * ```
 */
export class LguestBus implements Bus {
  readonly hi = 0;
  readonly entryWords = 1;
  readonly #machine: Machine;
  readonly #host: LguestHost;

  /**
   * The memory of a guest.
   *
   * @param machine The CPU.
   * @param host The host.
   */
  constructor(machine: Machine, host: LguestHost) {
    checkArguments({ machine: aMachine, host: anLguestHost }, [machine, host]);
    this.#machine = machine;
    this.#host = host;
  }

  load(address: number): number {
    checkWord(address, "address");
    return this.#machine.memory.read(this.#frame(address, READ), (address & 0xfff) >>> 2);
  }

  store(address: number, value: number): void {
    checkWord(address, "address");
    checkWord(value, "value");
    this.#machine.memory.write(this.#frame(address, WRITE), (address & 0xfff) >>> 2, value);
  }

  storeEntry(address: number, hi: number, lo: number, order: StoreOrder = "hi,lo"): void {
    checkStore(address, hi, lo, order);
    this.store(address, lo);
  }

  clearPage(address: number): void {
    checkWord(address, "address");
    this.#machine.memory.clearFrame(this.#frame(address, WRITE));
  }

  probe(address: number, write = false): boolean {
    checkWord(address, "address");
    flag(write, "write");
    return this.#host.translate(address, write ? WRITE : READ) >= 0;
  }

  fetch(address: number): void {
    checkWord(address, "address");
    this.#frame(address, FETCH);
  }

  #frame(address: number, access: number): number {
    const frame = this.#host.translate(address, access);
    if (frame >= 0) return frame;
    const { killed } = this.#host;
    if (killed !== undefined) {
      throw new Stopped({ kind: "killed-by-host", message: `lguest kills the guest: ${killed}`, host: "lguest" });
    }
    const fault = faultAt(this.#machine, this.hi, address, access);
    const message = `${describeFault(fault, access === FETCH)}; no handler before trap_init`;
    throw new Stopped({ kind: "page-fault", message, fault });
  }
}

/**
 * The lguest operations: native set-up hooks; entries are stored plainly and then reported to the host.
 *
 * `set_pte` names no address, so the host has to drop its whole shadow. Before the first `write_cr3` nothing is reported.
 *
 * @param machine The CPU.
 * @param host The host.
 * @param kernel The kernel that they serve.
 * @returns A fresh record.
 *
 * Source: Linux 2.6.23 drivers/lguest/lguest.c.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot, CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 * import { LguestHost, SHADOW_FRAMES } from "@pagetable-init/textbook/hosts";
 * import { lguestOps } from "@pagetable-init/textbook/paravirt";
 *
 * const machine = new Machine(CPUS.pentium, new PhysicalMemory((0x4000 + SHADOW_FRAMES) * 4096));
 * const host = new LguestHost(machine, 0x4000, 0xc0000000);
 * const { kernel } = boot({ platform: "lguest", strategy: "write-always", memory: "64M" });
 * const ops = lguestOps(machine, host, kernel);
 * ops.flushTlbSingle(0xc0000000);
 * assertEquals([ops.name, host.hypercalls], ["lguest", 1]);
 * ```
 */
export function lguestOps(machine: Machine, host: LguestHost, kernel: KernelServices): PvOps {
  checkArguments({ machine: aMachine, host: anLguestHost, kernel: kernelServices }, [machine, host, kernel]);
  const setPte: EntryWriter = (entry, _hi, lo) => {
    kernel.bus.store(entry, lo);
    if (host.ownTables) host.flushTlb();
  };
  const setPmd: EntryWriter = (entry, _hi, lo) => {
    kernel.bus.store(entry, lo);
    host.setPmd((entry & 0xfff) >>> 2);
  };
  return Object.assign(nativeOps(machine, kernel), {
    name: "lguest",
    specialPages: new SpecialPages(),
    programPat: () => {},
    setPte,
    pteClear: setPte,
    setPmd,
    setPud: setPmd,
    writeCr3: (pfn: number) => host.newPageTable(pfn),
    setInCr4: () => {},
    writeBootLeaf: (_address: number, entry: number, _hi: number, lo: number) => {
      kernel.bus.store(entry, lo);
      host.flushTlb();
    },
    flushTlbAll: () => host.flushTlb(),
    flushTlbSingle: () => host.flushTlb(),
  });
}
