/**
 * Bare metal: the operations are the instructions themselves.
 *
 * @module
 */

import { lowWord } from "../mmu/entry.ts";
import { aMachine } from "../mmu/machine.ts";
import { checkStore, kernelServices } from "./shapes.ts";
import { checkArguments, checkWord, flag, integer, shape, text } from "../check.ts";
import {
  CR4_PGE,
  type Fault,
  FETCH,
  formatAddress,
  type GeneralProtection,
  type Machine,
  P,
  PAT_RESET,
  PF_P,
  PF_RSVD,
  PF_U,
  PF_W,
  type PhysicalMemory,
  READ,
  WRITE,
} from "../mmu/mod.ts";
import { faultAt } from "../mmu/fault_at.ts";
import { entryWriter } from "./entry_writer.ts";
import type { Bus, KernelServices, PvOps, StoreOrder } from "./ops.ts";
import { SpecialPages } from "./special_pages.ts";
import { Stopped } from "./stop.ts";

// Constants of this module: see core/mmu/walk.ts.
const LOAD = READ;
const STORE = WRITE;

/**
 * Kernel memory on bare metal. No fault handler is registered before `trap_init`, so any fault ends the boot (trap T26).
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { NativeBus, Stopped } from "@pagetable-init/textbook/paravirt";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const bus = new NativeBus(machine, 1);
 * bus.store(0xc0200000, 7);
 * assertEquals(machine.memory.read(0x200, 0), 7);
 * assertThrows(() => bus.load(0), Stopped, "no handler before trap_init");
 * ```
 */
export class NativeBus implements Bus {
  readonly hi = 0;
  readonly entryWords: 1 | 2;
  readonly #machine: Machine;
  readonly #memory: PhysicalMemory;

  /**
   * The memory of a kernel.
   *
   * @param machine The CPU and its memory.
   * @param entryWords Words an entry of the tables that the kernel builds.
   */
  constructor(machine: Machine, entryWords: 1 | 2) {
    checkArguments({ machine: aMachine, entryWords: integer(1, 2) }, [machine, entryWords]);
    this.#machine = machine;
    this.#memory = machine.memory;
    this.entryWords = entryWords;
  }

  load(address: number): number {
    checkWord(address, "address");
    return this.#memory.read(this.#frame(address, LOAD), (address & 0xfff) >>> 2);
  }

  store(address: number, value: number): void {
    checkWord(address, "address");
    checkWord(value, "value");
    this.#memory.write(this.#frame(address, WRITE), (address & 0xfff) >>> 2, value);
  }

  /** No walk comes between two stores of the one CPU, so memory takes both words at once. Only a memory that records stores looks at the order. */
  storeEntry(address: number, hi: number, lo: number, order: StoreOrder = "hi,lo"): void {
    checkStore(address, hi, lo, order);
    const frame = this.#frame(address, STORE);
    const word = (address & 0xfff) >>> 2;
    if (this.entryWords === 2) this.#memory.writePair(frame, word, hi, lo, order);
    else this.#memory.write(frame, word, lo);
  }

  clearPage(address: number): void {
    checkWord(address, "address");
    this.#memory.clearFrame(this.#frame(address, WRITE));
  }

  probe(address: number, write = false): boolean {
    checkWord(address, "address");
    flag(write, "write");
    return this.#machine.translate(this.hi, address | 0, write ? WRITE : READ) >= 0;
  }

  fetch(address: number): void {
    checkWord(address, "address");
    this.#frame(address, FETCH);
  }

  #frame(address: number, access: number): number {
    const frame = this.#machine.translate(this.hi, address | 0, access);
    if (frame < 0) tripleFault(faultAt(this.#machine, this.hi, address, access), access === FETCH);
    return frame;
  }
}

function tripleFault(fault: Fault, fetch = false): never {
  const message = `${describeFault(fault, fetch)}; no handler before trap_init`;
  throw new Stopped({ kind: "triple-fault", message, fault });
}

/**
 * A fault in words.
 *
 * @param fault The fault.
 * @param fetch Whether the access was an instruction fetch: the error code shows that only with NX or SMEP on.
 * @returns For example `#PF(0x2) at 0xc0c00000: write to a page that is not present`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { access, boot } from "@pagetable-init/textbook";
 * import { describeFault } from "@pagetable-init/textbook/paravirt";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const beyond = access(machine, 0xc4000000, "write");
 * assertEquals(!beyond.ok && describeFault(beyond.fault), "#PF(0x2) at 0xc4000000: write to a page that is not present");
 * ```
 */
export function describeFault(fault: Fault, fetch = false): string {
  checkArguments({ fault: FAULT, fetch: flag }, [fault, fetch]);
  if (fault.vector === 13) return `#GP(0): ${fault.reason}`;
  const { errorCode, cr2 } = fault;
  const who = (errorCode & PF_U) !== 0 ? "user " : "";
  const what = (errorCode & PF_W) !== 0 ? "write to" : fetch ? "instruction fetch from" : "read of";
  const why = (errorCode & PF_RSVD) !== 0
    ? "an entry with a reserved bit"
    : (errorCode & PF_P) !== 0
    ? "a page that forbids it"
    : "a page that is not present";
  return `#PF(0x${errorCode.toString(16)}) at ${formatAddress(cr2)}: ${who}${what} ${why}`;
}

/**
 * The native operations.
 *
 * @param machine The CPU.
 * @param kernel The kernel that they serve.
 * @returns A fresh record.
 *
 * Source: Linux 2.6.22 include/asm-i386/pgtable-2level.h and pgtable-3level.h, arch/i386/mm/init.c (`native_pagetable_setup_start`, `_done`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { nativeOps } from "@pagetable-init/textbook/paravirt";
 *
 * const { machine, kernel } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * assertEquals(nativeOps(machine, kernel).toMachine(0x123), 0x123);
 * ```
 */
export function nativeOps(machine: Machine, kernel: KernelServices): PvOps {
  checkArguments({ machine: aMachine, kernel: kernelServices }, [machine, kernel]);
  const { bus } = kernel;
  const ops: PvOps = {
    name: "bare hardware",
    pagetableSetupStart: (base) => nativeSetupStart(kernel, ops, base),
    pagetableSetupDone: (base) => nativeSetupDone(kernel, ops, base),
    allocPt: nothing,
    allocPd: nothing,
    setPte: entryWriter(bus, "hi,lo"),
    pteClear: entryWriter(bus, "lo,hi"),
    setPmd: entryWriter(bus, "once"),
    setPud: entryWriter(bus, "once"),
    toMachine: same,
    toPfn: same,
    makePteKeepsNx: true,
    writeCr3: (pfn) => refuse(machine.writeCr3(pfn * 4096)),
    setInCr4: (bits) => refuse(machine.writeCr4(machine.cr4 | bits)),
    flushTlbAll: () => flushTlbAll(machine),
    flushTlbSingle: (address) => machine.invlpg({ hi: bus.hi, lo: address }),
    tablesMayBeWritable: true,
    writeBootLeaf: (address, entry, _hi, lo) => {
      bus.store(entry, lo);
      machine.invlpg({ hi: bus.hi, lo: address });
    },
    releasePt: nothing,
    postAllocatorInit: nothing,
    pagePermissions: sameFlags,
    specialPages: new SpecialPages(machine.cpu.pat),
    programPat: () => machine.cpu.pat ? refuse(machine.writePat(WITH_WC)) : undefined,
    templateTables: { first: 0, end: 0 },
  };
  return ops;
}

/** The PAT of a reset, except entry 4, which is write-combining. Only an entry with the PAT bit selects it. */
const WITH_WC: readonly number[] = Object.freeze(PAT_RESET.map((type, at) => at === 4 ? 1 : type));

// One function for all boots: V8 may inline it and still use the code in the next boot.
const same = (frame: number): number => frame;
const sameFlags = (_pfn: number, flags: number): number => flags;
const nothing = (): void => {};

/** PAE: slots 0 to 2 get the zero page, and `memset` clears slot 3. Two-level: the directory is announced, and head.S's entries are kept. */
function nativeSetupStart(kernel: KernelServices, ops: PvOps, base: number): void {
  const { bus, image } = kernel;
  if (bus.entryWords === 1) return ops.allocPd(image.swapperPgDir);
  for (let slot = 0; slot < 3; slot++) setPgd(kernel, ops, base, slot, lowWord(image.emptyZeroPage, P));
  kernel.recorded("memset", base + 24, 0, 0, (entry) => bus.storeEntry(entry, 0, 0, "lo,hi"));
}

/** PAE: slot 0 becomes a copy of the kernel's slot, as the low identity map for starting other CPUs. */
function nativeSetupDone(kernel: KernelServices, ops: PvOps, base: number): void {
  if (kernel.bus.entryWords === 2) setPgd(kernel, ops, base, 0, kernel.bus.load(base + 24));
}

function setPgd(kernel: KernelServices, ops: PvOps, base: number, slot: number, lo: number): void {
  kernel.recorded("set_pud", base + slot * 8, 0, lo, ops.setPud);
}

/** `__flush_tlb_all`: with PGE, toggling it flushes global translations too. */
function flushTlbAll(machine: Machine): void {
  const { cr3, cr4 } = machine;
  if ((cr4 & CR4_PGE) !== 0) {
    refuse(machine.writeCr4(cr4 & ~CR4_PGE));
    refuse(machine.writeCr4(cr4));
  }
  refuse(machine.writeCr3(cr3));
}

function refuse(fault: GeneralProtection | undefined): void {
  if (fault !== undefined) tripleFault(fault);
}

const FAULT = shape("a fault", { vector: integer(13, 14), errorCode: integer(0, 2 ** 16 - 1), reason: text });
