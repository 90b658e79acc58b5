/**
 * The state of one domain and of its machine. The other files of this folder hold the operations on it.
 *
 * @module
 */

import { highWord, lowWord } from "../mmu/entry.ts";
import {
  A,
  CR0_PG,
  CR0_WP,
  CR4_PAE,
  CR4_PGE,
  CR4_PSE,
  EFER_LME,
  EFER_NXE,
  frameOf,
  type Machine,
  type Mode,
  MODES,
  P,
  type PhysicalMemory,
  RW,
  US,
} from "../mmu/mod.ts";
import { allocateFrames } from "./allocation.ts";
import type { XenContract, XenRelease } from "./contract.ts";
import { FrameTable, OWNER_GUEST, PGT_VALIDATED, PGT_WRITABLE } from "./frame_table.ts";
import { type LevelRules, levelRules } from "./level_rules.ts";
import { formatLog, type LogFields, type XenLogKind, type XenLogLine } from "./log.ts";
import { m2pFrames, writeM2pEntry, writeM2pTable } from "./m2p.ts";
import {
  contractOf,
  type EntryWriteListener,
  type HypervisorOptions,
  hypervisorOptions,
  machineOf,
  XEN_FRAMES,
} from "./options.ts";
import { type FilledSlot, privateSlots } from "./private_slots.ts";
import type { XenRefusal } from "./refusal.ts";
import { refusalFields } from "./type_info.ts";

const FIRST_XEN_TABLE = 0x400;
const CR0 = 0x0005_0033 | CR0_WP;

/** Checks the contents of a frame for a type, and drops the references that its entries hold. `validate.ts` implements it. */
export interface TableValidator {
  /** Takes the references of a table's entries. Returns undefined; or a refusal, with nothing taken. */
  promote(domain: Domain, mfn: number, type: number): XenRefusal | undefined;
  /** Drops the references of a table's entries. */
  demote(domain: Domain, mfn: number, typeInfo: number): void;
}

/**
 * A domain, its frames, its CPU.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { Hypervisor, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const { domain } = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * assertEquals([domain.id, domain.words, domain.rootMfn], [1, 2, -1]);
 * ```
 */
export class Domain {
  /** The release of Xen. */
  readonly release: XenRelease;
  /** The release's contract for the guest's mode. */
  readonly contract: XenContract;
  /** The guest's paging mode. */
  readonly mode: Mode;
  /** The CPU with Xen's settings: CR0.WP on, NX on if the CPU has it. Before the domain is built paging is off. */
  readonly machine: Machine;
  /** The frame table. */
  readonly frames: FrameTable;
  /** Machine frame of each pfn. */
  readonly p2m: Int32Array;
  /** Pfn of each machine frame; -1 for none. */
  readonly m2p: Int32Array;
  /** Lines that Xen printed, oldest first. */
  readonly log: XenLogLine[] = [];
  /** Counts of the guest's hypercalls and of the stores that Xen emulated. */
  readonly cost: { hypercalls: number; emulatedStores: number } = { hypercalls: 0, emulatedStores: 0 };
  /** Called for every entry that Xen writes, by hypercall or by emulation. */
  onEntryWrite: EntryWriteListener | undefined = undefined;
  /** Domain number: 0 if privileged, else 1. */
  readonly id: number;
  /** Whether the domain has I/O rights. */
  readonly privileged: boolean;
  /** Rules, L1 first. */
  readonly levels: readonly LevelRules[];
  /** Rules of L1. */
  readonly l1: LevelRules;
  /** Rules of the root. */
  readonly root: LevelRules;
  /** Words an entry. */
  readonly words: 1 | 2;
  /** 0, or 3 if the guest's kernel runs in ring 3: what is added to the number of an access. */
  readonly ring: number;
  /** Machine frame of the loaded root table; -1 before the first. */
  rootMfn: number = -1;
  /** Machine frame of the root table for user mode (64-bit guests); -1 for none. */
  userRootMfn: number = -1;
  /** Frames of the global descriptor table. */
  gdt: readonly number[] = [];
  /** Counts TLB flushes: `frames.stamp` is compared with it. */
  tlbClock: number = 0;
  /** The entries of Xen's slots in the guest's tables. */
  readonly privateSlots: readonly FilledSlot[];
  /** First of the machine frames that hold the machine-to-physical table. */
  readonly m2pFirstMfn: number;
  /** Machine frame of `shared_info`: it has no pfn (trap T32). */
  readonly sharedInfoMfn: number;
  /** Machine frame of Xen's own L4 above a 32-bit guest's root; -1 if there is none. */
  readonly hostRootMfn: number;
  /** Result of `findL1Entry`: frame of the L1 table. */
  foundMfn: number = -1;
  /** Result of `findL1Entry`: index of the entry. */
  foundIndex: number = 0;
  /** Result of `findL1Entry`: low word of the entry. */
  foundLo: number = 0;
  /** Result of `findL1Entry`: high word of the entry. */
  foundHi: number = 0;
  /** The file that checks tables. */
  readonly tables: TableValidator;
  /** Tables without users whose entries' references are still to be dropped. */
  readonly waiting: number[] = [];
  #nextXenFrame = FIRST_XEN_TABLE;
  readonly #memory: PhysicalMemory;

  /**
   * A domain whose tables are not built yet.
   *
   * @param options What the domain is made of.
   * @param tables The file that checks tables.
   * @throws {RangeError} If the release has no contract for the mode, the CPU cannot run it, or the p2m does not fit.
   */
  constructor(options: HypervisorOptions, tables: TableValidator) {
    hypervisorOptions(options, "the argument of Hypervisor");
    const { release, mode, cpu, machineFrames } = options;
    this.machine = machineOf(options);
    this.release = release;
    this.mode = mode;
    this.contract = contractOf(options);
    this.tables = tables;
    this.privileged = options.privileged ?? false;
    this.id = this.privileged ? 0 : 1;
    this.words = mode.entryWords;
    this.ring = this.contract.kernelRing === 3 ? 3 : 0;
    this.levels = levelRules(release, this.contract, mode, {
      cpu,
      privileged: this.privileged,
      debug: options.debug ?? false,
    });
    this.l1 = this.rulesOf(1);
    this.root = this.rulesOf(this.levels.length);
    this.#memory = this.machine.memory;
    this.frames = new FrameTable(machineFrames);
    this.m2p = new Int32Array(machineFrames).fill(-1);
    this.p2m = allocateFrames(this.frames, this.m2p, options);
    this.sharedInfoMfn = this.#shareXenFrame();
    this.hostRootMfn = this.contract.hostMode === mode.id ? -1 : this.allocateXenFrame();
    this.m2pFirstMfn = this.allocateXenFrame(m2pFrames(this));
    writeM2pTable(this);
    this.privateSlots = privateSlots(this, options.ownMappings ?? false);
    this.#setRegisters(MODES[this.contract.hostMode]);
  }

  /** Rules of a level, 1 for L1. */
  rulesOf(depth: number): LevelRules {
    const rules = this.levels[depth - 1];
    if (rules === undefined) throw new RangeError(`Expected a level of 1 to ${this.levels.length} but found ${depth}`);
    return rules;
  }

  /** Zeroed frames of Xen's own, one after the other; the first is returned. */
  allocateXenFrame(frames = 1): number {
    const mfn = this.#nextXenFrame;
    this.#nextXenFrame += frames;
    if (this.#nextXenFrame > XEN_FRAMES) {
      throw new RangeError(`Expected Xen to need at most ${XEN_FRAMES} frames but found ${this.#nextXenFrame}`);
    }
    return mfn;
  }

  /** Low word of an entry. The frame is one of the machine's. */
  entryLo(mfn: number, index: number): number {
    return this.#memory.read(mfn, index * this.words);
  }

  /** High word of an entry; 0 in two-level paging. */
  entryHi(mfn: number, index: number): number {
    if (this.words === 1) return 0;
    return this.#memory.read(mfn, index * 2 + 1);
  }

  /** Writes an entry and tells the listener. */
  writeEntry(mfn: number, index: number, hi: number, lo: number): void {
    const listener = this.onEntryWrite;
    if (listener !== undefined) listener(mfn, index, this.entryHi(mfn, index), this.entryLo(mfn, index), hi, lo);
    const memory = this.#memory;
    if (this.words === 2) memory.writePair(mfn, index * 2, hi, lo);
    else memory.write(mfn, index, lo);
  }

  /**
   * Writes Xen's entries into its slots of a table.
   *
   * @param rules Rules of the table's level.
   * @param mfn The table.
   * @param whenLoaded Whether the table is being loaded into CR3; else it is being validated, and slots without an entry are cleared.
   */
  fillPrivateSlots(rules: LevelRules, mfn: number, whenLoaded: boolean): void {
    if (!whenLoaded) {
      for (let slot = rules.privateFirst; slot < rules.privateEnd; slot++) this.#changeEntry(mfn, slot, 0, 0);
    }
    for (const { rules: holder, slot, target, lo, hi, ...filled } of this.privateSlots) {
      if (holder !== rules || filled.whenLoaded !== whenLoaded) continue;
      const frame = target < 0 ? mfn : target;
      this.#changeEntry(mfn, slot, highWord(frame) | hi, lowWord(frame, lo));
    }
  }

  /** Records the pfn that the guest gives a machine frame, also in the table that the guest can read. A value of more than 31 bits counts as no pfn. */
  setM2p(mfn: number, hi: number, lo: number): void {
    this.m2p[mfn] = this.contract.m2pWords === 2 && hi !== 0 ? -1 : lo | 0;
    writeM2pEntry(this, mfn, hi, lo);
  }

  /**
   * Finds the L1 entry of a linear address in the loaded tables. `foundMfn` and `foundIndex` say where it is, `foundLo` and `foundHi` what it is. No A bit is set.
   *
   * @param hi High word of the address.
   * @param lo Low word.
   * @returns False if a table is missing.
   */
  findL1Entry(hi: number, lo: number): boolean {
    let mfn = this.rootMfn;
    if (mfn < 0) return false;
    const { levels, words } = this;
    const memory = this.#memory;
    for (let depth = levels.length; depth > 0; depth--) {
      const { shift, entries } = levels[depth - 1] as LevelRules;
      const shifted = shift >= 32 ? hi >>> (shift - 32) : (hi << (32 - shift)) | (lo >>> shift);
      const index = shifted & (entries - 1);
      const at = memory.placeOf(mfn) + index * words;
      const entryLo = memory.words[at] ?? 0;
      const entryHi = words === 2 ? memory.words[at + 1] ?? 0 : 0;
      if (depth === 1) {
        this.foundMfn = mfn;
        this.foundIndex = index;
        this.foundLo = entryLo;
        this.foundHi = entryHi;
        return true;
      }
      if ((entryLo & P) === 0) return false;
      mfn = frameOf(entryHi, entryLo);
      if (mfn >= this.frames.length) return false;
    } // not reached: L1 returns
    return false;
  }

  /** Whether a linear address is Xen's, or none at all. */
  isXenAddress(hi: number, lo: number): boolean {
    const { xenFirst, xenEnd } = this.contract;
    if (this.mode.linearBits === 32) return hi !== 0 || (lo >>> 0) >= xenFirst.lo;
    const high = hi >>> 0;
    return high >= 0x8000 && high < xenEnd.hi;
  }

  /** Flushes every translation. */
  flushTlb(): void {
    this.machine.tlb.flush(false);
    this.tlbClock++;
  }

  /** Loads CR3 with the root table, or with Xen's own L4 above it, and flushes every translation. */
  loadCr3(): void {
    const { machine, hostRootMfn, rootMfn } = this;
    const root = lowWord(rootMfn, P | RW | US | A);
    if (hostRootMfn >= 0) machine.memory.writePair(hostRootMfn, 0, highWord(rootMfn), root);
    machine.writeCr3((hostRootMfn >= 0 ? hostRootMfn : rootMfn) * 4096);
    if ((machine.cr0 & CR0_PG) === 0) machine.writeCr0(CR0 | CR0_PG);
    this.flushTlb();
  }

  /** Switches paging off: no table of the guest's is loaded any more. */
  stopPaging(): void {
    this.machine.writeCr0(CR0);
    this.flushTlb();
  }

  /**
   * Prints a line, if the release has a text for it.
   *
   * @param kind What the line is about.
   * @param refusal The refusal that it is formatted from, if it is about one.
   * @param fields Further values of the text, from a caller of the failed check.
   */
  print(kind: XenLogKind, refusal: XenRefusal | undefined, fields: LogFields = {}): void {
    const template = this.release.texts[kind];
    if (template === undefined) return;
    const known = refusal === undefined ? fields : { ...refusalFields(this, refusal), ...fields };
    this.log.push({ kind, text: formatLog(template, known) });
  }

  #changeEntry(mfn: number, slot: number, hi: number, lo: number): void {
    if (lo !== this.entryLo(mfn, slot) || hi !== this.entryHi(mfn, slot)) this.writeEntry(mfn, slot, hi, lo);
  }

  /** A frame of Xen's that the guest may map, writable too. */
  #shareXenFrame(): number {
    const mfn = this.allocateXenFrame();
    this.frames.owner[mfn] = OWNER_GUEST;
    this.frames.count[mfn] = 1;
    this.frames.typeInfo[mfn] = PGT_WRITABLE | PGT_VALIDATED | 1;
    return mfn;
  }

  #setRegisters(host: Mode): void {
    const { machine } = this;
    const { cpu } = machine;
    const wide = host.entryWords === 2;
    const refused = machine.writeCr4((wide ? CR4_PAE : 0) | (cpu.pge ? CR4_PGE : 0) | (cpu.pse ? CR4_PSE : 0)) ??
      machine.writeEfer((wide && cpu.nx ? EFER_NXE : 0) | (host.linearBits > 32 ? EFER_LME : 0)) ??
      machine.writeCr0(CR0);
    if (refused) throw new RangeError(`Expected a CPU that can run ${host.id} but found: ${refused.reason}`);
  }
}
