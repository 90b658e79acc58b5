/**
 * lguest's host: shadow page tables. The CPU never walks the guest's own tables, so the guest may map them with any rights.
 *
 * @module
 */

import { lowWord } from "../mmu/entry.ts";
import { type Check, checkArguments, checkFrame, checkWord, instance, integer } from "../check.ts";
import { aMachine } from "../mmu/machine.ts";
import {
  A,
  D,
  frameOf,
  G,
  indexAt,
  type Level,
  type Machine,
  MODES,
  P,
  PF_U,
  PF_W,
  PS,
  PWT,
  RW,
  US,
} from "../mmu/mod.ts";

/** Flags allowed in a guest's directory entry: `_PAGE_TABLE`. */
const PDE_ALLOWED = P | RW | US | A | D;
const HEAD_FLAGS = P | RW | US;
const ENTRIES = 1024;
const [PDE, PTE] = MODES["two-level"].levels as readonly [Level, Level];

/**
 * A host that runs one guest on shadow tables.
 *
 * Guest-physical page n is physical frame n; the shadow tables lie in frames after the guest's memory. Each fault fills the shadow from the
 * guest's tables of that moment.
 *
 * Source: Linux 2.6.23 drivers/lguest/page_tables.c and Documentation/lguest/lguest.c.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LguestHost, SHADOW_FRAMES } from "@pagetable-init/textbook/hosts";
 * import { CPUS, Machine, PhysicalMemory, WRITE } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.pentium, new PhysicalMemory((0x1000 + SHADOW_FRAMES) * 4096));
 * const host = new LguestHost(machine, 0x1000, 0xc0000000);
 * assertEquals(host.translate(0xc0005000, WRITE), 5); // filled into the shadow at this access
 * assertEquals(host.translate(0x5000, WRITE), -1 - 2); // the guest has no such page
 * ```
 */
export class LguestHost {
  /** Calls made by the guest. */
  hypercalls = 0;
  /** Why the guest was killed. */
  killed: string | undefined = undefined;
  /** Page of the guest's current root table. */
  guestRoot: number;
  /** Whether the guest has loaded a root table of its own: before that `set_pte` needs no call. */
  ownTables = false;
  readonly #machine: Machine;
  readonly #guestPages: number;
  #nextShadow: number;

  /**
   * Builds the launcher's linear map at PAGE_OFFSET, at the top of guest memory, and switches the CPU to an empty shadow of it.
   *
   * @param machine The CPU; its memory must have room for shadow tables after the guest's pages.
   * @param guestPages Pages of the guest.
   * @param pageOffset PAGE_OFFSET.
   * @throws {RangeError} If the pages do not fit above PAGE_OFFSET, or the memory has no room for the shadow.
   */
  constructor(machine: Machine, guestPages: number, pageOffset: number) {
    checkArguments(PARAMETERS, [machine, guestPages, pageOffset]);
    const room = (ENTRIES - indexAt(PDE, 0, pageOffset)) * ENTRIES;
    if (guestPages > room) {
      throw new RangeError(
        `Expected at most ${room} guest pages, what fits above PAGE_OFFSET, but found ${guestPages}`,
      );
    }
    if (machine.memory.frames < guestPages + SHADOW_FRAMES) {
      throw new RangeError(
        `Expected memory of ${guestPages + SHADOW_FRAMES} frames, shadow included, but found ${machine.memory.frames}`,
      );
    }
    this.#machine = machine;
    this.#guestPages = guestPages;
    const tables = Math.ceil(guestPages / ENTRIES);
    this.guestRoot = guestPages - tables - 1;
    for (let pfn = 0; pfn < guestPages; pfn++) {
      machine.memory.write(this.guestRoot + 1 + Math.floor(pfn / ENTRIES), pfn % ENTRIES, lowWord(pfn, HEAD_FLAGS));
    }
    for (let i = 0; i < tables; i++) {
      machine.memory.write(
        this.guestRoot,
        indexAt(PDE, 0, pageOffset) + i,
        lowWord(this.guestRoot + 1 + i, HEAD_FLAGS),
      );
    }
    this.#nextShadow = guestPages + 1;
    machine.writeCr3(guestPages * 4096);
    machine.writeCr0(0x8005_0033);
  }

  /** First page of the launcher's tables: the guest's memory ends below it. */
  get launcherTables(): number {
    return this.#guestPages - Math.ceil(this.#guestPages / ENTRIES) - 1;
  }

  /**
   * Translates for the guest, filling the shadow as needed.
   *
   * @param address Linear address.
   * @param access Number of the access.
   * @returns Frame number, or -1 minus the error code of the fault that the guest gets.
   */
  translate(address: number, access: number): number {
    checkWord(address, "address");
    if (typeof access !== "number" || (access & 7) !== access) integer(0, 7)(access, "access");
    const frame = this.#machine.translate(0, address | 0, access);
    if (frame >= 0 || !this.#demandPage(address, -1 - frame)) return frame;
    return this.#machine.translate(0, address | 0, access);
  }

  /** LHCALL_NEW_PGTABLE: the guest has another root table; the shadow starts empty. */
  newPageTable(pfn: number): void {
    checkFrame(pfn, "pfn");
    this.hypercalls++;
    this.guestRoot = pfn;
    this.ownTables = true;
    this.#dropShadow();
  }

  /** LHCALL_FLUSH_TLB: the guest changed entries at addresses it did not name. */
  flushTlb(): void {
    this.hypercalls++;
    this.#dropShadow();
  }

  /** LHCALL_SET_PMD: one directory entry changed. */
  setPmd(index: number): void {
    integer(0, ENTRIES - 1)(index, "index");
    this.hypercalls++;
    this.#machine.memory.write(this.#guestPages, index, 0);
    this.#machine.tlb.flush(false);
  }

  /** `demand_page`: copies the guest's entry for one address into the shadow. */
  #demandPage(address: number, errorCode: number): boolean {
    const { memory } = this.#machine;
    const pde = memory.read(this.guestRoot, indexAt(PDE, 0, address));
    if ((pde & P) === 0) return false;
    if ((pde & 0xfff & ~PDE_ALLOWED) !== 0) return this.#kill(`bad page directory entry 0x${(pde >>> 0).toString(16)}`);
    const table = frameOf(0, pde);
    const index = indexAt(PTE, 0, address);
    const pte = memory.read(table, index);
    const write = (errorCode & PF_W) !== 0;
    if ((pte & P) === 0 || (write && (pte & RW) === 0)) return false;
    if ((errorCode & PF_U) !== 0 && (pte & pde & US) === 0) return false;
    if ((pte & (PS | PWT)) !== 0 || frameOf(0, pte) >= this.#guestPages) {
      return this.#kill(`bad page table entry 0x${(pte >>> 0).toString(16)}`);
    }
    memory.write(table, index, pte | A | (write ? D : 0));
    const writable = write || (pte & D) !== 0 ? pte & RW : 0;
    memory.write(this.#shadowTable(indexAt(PDE, 0, address)), index, ((pte & ~(G | RW)) | writable) | A | D);
    this.#machine.invlpg(address >>> 0);
    return true;
  }

  #shadowTable(index: number): number {
    const { memory } = this.#machine;
    const shadow = memory.read(this.#guestPages, index);
    if ((shadow & P) !== 0) return frameOf(0, shadow);
    const frame = this.#nextShadow++;
    memory.clearFrame(frame);
    memory.write(this.#guestPages, index, lowWord(frame, PDE_ALLOWED));
    return frame;
  }

  #dropShadow(): void {
    this.#machine.memory.clearFrame(this.#guestPages);
    this.#nextShadow = this.#guestPages + 1;
    this.#machine.tlb.flush(false);
  }

  #kill(why: string): false {
    this.killed ??= why;
    return false;
  }
}

/**
 * Frames that the host needs beyond the guest's for its shadow: a root and a table for each 4M.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SHADOW_FRAMES } from "@pagetable-init/textbook/hosts";
 *
 * assertEquals(SHADOW_FRAMES, 1025); // a directory and all its tables
 * ```
 */
export const SHADOW_FRAMES: number = 1 + ENTRIES;

const PARAMETERS = {
  machine: aMachine,
  guestPages: integer(1, 2 ** 20),
  pageOffset: integer(0, 2 ** 32 - 1),
};

/** The check of lguest's host. */
export const anLguestHost: Check = instance(LguestHost, "an LguestHost");
