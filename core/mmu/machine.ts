/**
 * The emulated CPU's memory management: accesses that walk the tables, use the TLB, and set A, D and CR2.
 *
 * @module
 */

import { type Check, flag, instance, list, number, shape, text, word } from "../check.ts";
import { accessAt, type AllowedAccess } from "./access.ts";
import { ACCESS_KINDS, type AccessOptions, NO_OPTIONS, numberOf } from "./access_kind.ts";
import { type Address, type Linear, toLinear } from "./address.ts";
import { A, CR4_PGE, D, P, PF_P } from "./bits.ts";
import { patIndex } from "./entry.ts";
import { explainAccess } from "./explain.ts";
import type { Explanation, RefusedAccess, Translation } from "./explanation.ts";
import type { AccessKind } from "./faults.ts";
import { accessErrorBits, keysInForce, RIGHT_D, USER, WRITE } from "./permissions.ts";
import { Registers } from "./registers.ts";
import type { MachineSnapshot } from "./snapshot.ts";
import { packFlags } from "./tlb_bank.ts";

/**
 * What `translate` returns for #GP; page faults are -1 minus the error code.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { GENERAL_PROTECTION, READ } from "@pagetable-init/textbook/mmu";
 *
 * const { machine } = boot({ platform: "xen-4level", strategy: "filter-set-pte", memory: "64M" });
 * assertEquals(machine.translate(0x0000_8000, 0, READ), GENERAL_PROTECTION); // not canonical
 * ```
 */
export const GENERAL_PROTECTION: number = -1024;

// Constants of this module: see walk.ts.
const PRESENT = P;
const DIRTY = RIGHT_D;
const SUPERVISOR_WRITE = WRITE;
const USER_WRITE = WRITE + USER;

/** A word that was loaded. */
export interface LoadedWord extends AllowedAccess {
  /** The word, unsigned. */
  readonly value: number;
}

function wordAddress(address: Address): Linear {
  const linear = toLinear(address);
  if (linear.lo % 4 !== 0) {
    throw new RangeError(`Expected an address that is a multiple of 4 but found 0x${linear.lo.toString(16)}`);
  }
  return linear;
}

/**
 * One CPU's memory management unit and the memory behind it.
 *
 * Registers are written through methods that do what the CPU does at that moment: check, load PDPTEs, flush. Guest events come
 * back as values. `translate` is the fast form of an access; the verb `access` is the checked one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.pentium, new PhysicalMemory(1 << 24));
 * machine.writeCr4(0x10); // PSE
 * machine.memory.write(0x1, 768, 0x0000_0083); // one 4M page at 0xc0000000
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8000_0001);
 * assertEquals(machine.translate(0, 0xc0123456 | 0, 1), 0x123);
 * assertEquals(machine.memory.read(0x1, 768), 0x0000_00e3); // A and D are set now
 * ```
 * @category Machine
 */
export class Machine extends Registers {
  readonly #slots = this.tlb.small.words;

  /**
   * Translates an address for an access. Sets A and D bits, fills the TLB, and sets CR2 on a page fault.
   *
   * @param hi Bits 63..32 of the linear address, signed; 0 in 32-bit modes.
   * @param lo Bits 31..0, signed.
   * @param access Number of the access: 0 read, 1 write, 2 fetch, 3 more from user mode.
   * @returns Frame number of the byte; -1 minus the error code for #PF; `GENERAL_PROTECTION` for #GP.
   */
  translate(hi: number, lo: number, access: number): number {
    const slots = this.#slots;
    const slot = (lo >>> 10) & 0xffc;
    if (
      slots[slot] === ((lo & -4096) | 1) && slots[slot + 1] === hi &&
      (((this.allowed[(slots[slot + 3] ?? 0) & 0xff] ?? 0) >>> access) & 1) !== 0
    ) {
      const frame = slots[slot + 2] ?? -1;
      if (frame >= 0) return frame;
    }
    return this.#miss(hi, lo, access);
  }

  /**
   * Loads a 32-bit word.
   *
   * @param address Linear address, a multiple of 4.
   * @param options `user`: from CPL 3.
   * @returns The word, unsigned, with frame and physical address; or the fault. Sets A bits, TLB and CR2 as a read does.
   * @throws {RangeError} If the address cannot be read, or is no multiple of 4.
   * @throws {TypeError} If address or option is of the wrong kind.
   */
  load(address: Address, options: AccessOptions = NO_OPTIONS): LoadedWord | RefusedAccess {
    const made = accessAt(this, wordAddress(address), numberOf("read", options));
    return made.ok ? { ...made, value: this.memory.read(made.frame, (made.physical % 4096) >>> 2) >>> 0 } : made;
  }

  /**
   * Stores a 32-bit word.
   *
   * @param address Linear address, a multiple of 4.
   * @param value The word, signed or unsigned.
   * @param options `user`: from CPL 3.
   * @returns Frame and physical address; or the fault, and then nothing was stored. Sets A and D bits, TLB and CR2 as a write does.
   * @throws {RangeError} If the address cannot be read, or is no multiple of 4, or the value does not fit 32 bits.
   * @throws {TypeError} If address, value or option is of the wrong kind.
   */
  store(address: Address, value: number, options: AccessOptions = NO_OPTIONS): AllowedAccess | RefusedAccess {
    word(value, "value");
    const made = accessAt(this, wordAddress(address), numberOf("write", options));
    if (made.ok) this.memory.write(made.frame, (made.physical % 4096) >>> 2, value);
    return made;
  }

  /**
   * Copies the machine's present state: registers, TLB, and the frames that were written.
   *
   * @returns A snapshot for `restore`. It takes as much memory as the frames that were written, and refers to nothing of the machine.
   */
  snapshot(): MachineSnapshot {
    return Object.freeze({ registers: this.registers(), tlb: this.tlb.snapshot(), memory: this.memory.snapshot() });
  }

  /**
   * Puts the machine back to the state of a snapshot.
   *
   * @param snapshot A snapshot of this machine, or of one with the same CPU and memory size. It can be used again.
   * @throws {RangeError} If the memory is of another size.
   */
  restore(snapshot: MachineSnapshot): void {
    machineSnapshot(snapshot, "snapshot");
    this.memory.restore(snapshot.memory);
    this.tlb.restore(snapshot.tlb);
    this.putBack(snapshot.registers);
  }

  /** Long enough for V8 not to inline it (by a little: its limit is 460 bytes of bytecode), so that `translate` stays short enough to be inlined itself. */
  #miss(hi: number, lo: number, access: number): number {
    const { walker, tlb, mode } = this;
    if (walker === undefined || mode === undefined) return (lo >>> 12) + (hi >>> 0) * 0x10_0000;
    if (tlb.beyondSmall !== 0) {
      const known = this.#lookUp(hi, lo, access);
      if (known >= 0) return known;
    }
    let rootLo = 0;
    let rootHi = 0;
    if (mode.rootInRegisters === true) {
      const word = (lo >>> 30) << 1;
      rootLo = this.pdptes[word] ?? 0;
      rootHi = this.pdptes[word + 1] ?? 0;
      if ((rootLo & PRESENT) === 0) return this.#slow(hi, lo, access);
    } else {
      const { cr3 } = this;
      rootLo = cr3 | 0;
      rootHi = (cr3 / 0x1_0000_0000) | 0;
    }
    if (!walker.walk(this.memory, rootHi, rootLo, hi, lo)) return this.#slow(hi, lo, access);
    const { rights, pageShift } = walker;
    if ((((this.allowed[rights | DIRTY] ?? 0) >>> access) & 1) === 0) return this.#deny(hi, lo, access);
    if ((rights & DIRTY) === 0 && (access === SUPERVISOR_WRITE || access === USER_WRITE)) {
      return this.#slow(hi, lo, access);
    }
    const frame = walker.frame();
    tlb.fill(pageShift, hi, lo, frame, walker.flags());
    return frame + ((lo & ~(-1 << pageShift)) >>> 12);
  }

  /** The walk found a page whose rights, or key, forbid the access. */
  #deny(hi: number, lo: number, access: number): number {
    return keysInForce(this) ? this.#slow(hi, lo, access) : this.#fault(hi, lo, accessErrorBits(this, access) | PF_P);
  }

  /** The banks of large pages, and frames too wide for the fast path. */
  #lookUp(hi: number, lo: number, access: number): number {
    const { tlb } = this;
    const slot = tlb.small.find(hi, lo);
    if (slot >= 0 && this.#allows(tlb.small.rightsAt(slot), access)) {
      return tlb.small.frameAt(slot);
    }
    if (!tlb.hasLarge) return -1;
    for (const bank of tlb.largeBanks) {
      const at = bank.used === 0 ? -1 : bank.find(hi, lo);
      if (at >= 0 && this.#allows(bank.rightsAt(at), access)) {
        return bank.frameAt(at) + ((lo & (2 ** bank.shift - 1)) >>> 12);
      }
    }
    return -1;
  }

  #allows(rights: number, access: number): boolean {
    return (((this.allowed[rights] ?? 0) >>> access) & 1) !== 0;
  }

  /** The explaining walker decides. If it allows the access, the entries that it read get their A and D bits. */
  #slow(hi: number, lo: number, access: number): number {
    const kind = ACCESS_KINDS[access % USER] as AccessKind;
    const explanation = explainAccess(this, { hi: hi >>> 0, lo: lo >>> 0 }, { kind, user: access >= USER });
    const { outcome } = explanation;
    if (!outcome.ok) {
      return outcome.fault.vector === 13 ? GENERAL_PROTECTION : this.#fault(hi, lo, outcome.fault.errorCode);
    }
    this.#mark(explanation);
    this.#rememberExplained(explanation, outcome);
    return outcome.frame;
  }

  #mark({ steps, access }: Explanation): void {
    const words = this.mode?.entryWords ?? 1;
    for (const { level, table, index, lo, leaf } of steps) {
      if (!level.rights) continue;
      const marked = (lo | A | (leaf && access.kind === "write" ? D : 0)) >>> 0;
      if (marked !== lo) this.memory.write(table, index * words, marked);
    }
  }

  #rememberExplained(
    { steps, linear, access }: Explanation,
    { frame, rights, global }: Translation,
  ): void {
    const leaf = steps[steps.length - 1];
    if (leaf === undefined) return;
    const { shift } = leaf.level;
    const first = frame - ((linear.lo & (2 ** shift - 1)) >>> 12);
    const dirty = access.kind === "write" ? RIGHT_D : 0;
    const kept = global && (this.cr4 & CR4_PGE) !== 0;
    this.tlb.fill(
      shift,
      linear.hi | 0,
      linear.lo | 0,
      first,
      packFlags(rights | dirty, kept, patIndex(leaf.level, leaf.lo, this.cpu)),
    );
  }

  /** A page fault sets CR2 and drops what the TLB holds for the page (Intel SDM vol. 3A, section 4.10.4.1). */
  #fault(hi: number, lo: number, errorCode: number): number {
    this.cr2[0] = hi;
    this.cr2[1] = lo;
    this.tlb.invalidate(hi, lo);
    return -1 - errorCode;
  }
}

const BANK = shape("a bank of a TLB", {
  used: number,
  words: instance(Int32Array, "words"),
  wideFrames: instance(Float64Array, "frames"),
});
const machineSnapshot = shape("a snapshot of a machine", {
  registers: shape("registers", {
    cr0: number,
    cr3: number,
    cr4: number,
    efer: number,
    pkru: number,
    ac: flag,
    pat: list(number, 8),
    mtrrType: text,
    cr2: list(number, 2),
    pdptes: list(number, 8),
  }),
  tlb: shape("a TLB", { banks: list(BANK, 4), fills: number, flushes: number, beyondSmall: number }),
  memory: shape("memory", {}),
});

/** The check of a machine. */
export const aMachine: Check = instance(Machine, "a machine");
