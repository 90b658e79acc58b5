/**
 * The fast walker: walks that succeed, in every paging mode, from a plan that is computed from the mode's records.
 *
 * It reads the levels and combines their rights. It answers only if every entry is present and accessed and has no reserved bit set.
 * All other walks are left to `explain`, which also finds the reason for a fault.
 *
 * @module
 */

import { A, CR4_PGE, CR4_PSE, EFER_NXE, G, NX, P, PCD, PS, PWT } from "./bits.ts";
import type { Cpu } from "./cpus.ts";
import { type Entry, protectionKey } from "./entry.ts";
import { reservedMask } from "./reserved_bits.ts";
import type { PhysicalMemory } from "./memory.ts";
import { isLeaf, type Level, type Mode, MODES } from "./modes.ts";
import { RIGHT_D, RIGHT_KEY_SHIFT, RIGHT_NX } from "./permissions.ts";

/** One level, reduced to the numbers that a step needs. */
interface PlanLevel {
  /** Log2 of the bytes that an entry covers. */
  readonly pageShift: number;
  /** 1 if the index lies in the upper part of the address (`UPPER_SHIFT`), else 0. */
  readonly upper: number;
  /** Lowest bit of the index in its part, and its mask; the index counts words. */
  readonly shift: number;
  readonly mask: number;
  /** An entry is a leaf where its bits under the mask are the value: PS and PS; 0 and 0, always; 0 and PS, never. */
  readonly leafMask: number;
  readonly leafValue: number;
  /** Mask of a large frame's bits 39..32, which PSE-36 has in bits 20..13 of the entry. */
  readonly pse36: number;
  readonly tableReserved: number;
  readonly leafReserved: number;
}

/** The registers that shape a walk, apart from its root. */
export interface WalkRegisters {
  /** The CPU. */
  readonly cpu: Cpu;
  /** The paging mode. */
  readonly mode: Mode;
  /** CR4; PSE and PGE matter. */
  readonly cr4: number;
  /** EFER; NXE matters. */
  readonly efer: number;
}

/** The upper part of an address is its bits 60..29, the lower one its bits 31..0. */
const UPPER_SHIFT = 29;
/** Bits 51..44 of an entry. A table at such an address has a frame number of more than 32 bits and is left to `explain`. */
const FAR = 0xf_f000;

// V8 makes a constant of this module part of the code; an imported one it looks up, and asks each time whether it is defined yet.
const PRESENT_ACCESSED = P | A;
const LARGE = PS;
const [, WIDE_PDE, WIDE_PTE] = MODES.pae.levels as readonly [Level, Level, Level];
const PDE_SHIFT = WIDE_PDE.shift;
const PTE_SHIFT = WIDE_PTE.shift;
const PDE_WORD_SHIFT = PDE_SHIFT - 1;
const PTE_WORD_SHIFT = PTE_SHIFT - 1;
const WORD_MASK = ((1 << WIDE_PTE.bits) - 1) << 1;
const DIRTY = RIGHT_D;
const KEY_SHIFT = RIGHT_KEY_SHIFT;
const CACHING = PWT | PCD;

/**
 * A fast walker for one setting of the control registers. Its fields hold the result, so that a walk allocates nothing.
 *
 * Levels are a loop over the plan, but for the last two of entries with two words: those are the same two records in PAE, 4-level
 * and 5-level paging, and are written out, with the numbers of the records as constants.
 */
export class Walker {
  /** Low word of the leaf. */
  leafLo = 0;
  /** High word of the leaf; of a PSE-36 page bits 39..32 of its address. */
  leafHi = 0;
  /** Packed rights of the walk (`RIGHT_…`). */
  rights = 0;
  /** Log2 of the bytes of the page found. */
  pageShift = 12;

  readonly #mode: Mode;
  /** The levels of the loop. */
  readonly #plan: readonly PlanLevel[];
  // V8 keeps a field as a bare integer if it never was anything else, not even undefined before the constructor ran.
  readonly #planned: number = 0;
  readonly #wordMask: number = 0;
  readonly #signShift: number = 0;
  readonly #upperHalf: number = 0;
  readonly #reservedHi: number = 0;
  readonly #pdeReserved: number = 0;
  readonly #pteReserved: number = 0;
  readonly #keyMask: number = 0;
  readonly #patMask: number = 0;
  readonly #globalMask: number = 0;

  /**
   * Plans the walks for one setting of the control registers.
   *
   * @param registers The control registers.
   */
  constructor(registers: WalkRegisters) {
    const { mode, cpu } = registers;
    const walked = mode.rootInRegisters ? mode.levels.slice(1) : mode.levels;
    const wide = mode.entryWords === 2;
    const long = mode.linearBits > 32;
    this.#mode = mode;
    this.#plan = (wide ? walked.slice(0, -2) : walked).map((level) => planLevel(registers, level));
    this.#planned = this.#plan.length;
    this.#wordMask = wide ? -1 : 0;
    this.#signShift = long ? mode.linearBits - 33 : 0;
    this.#upperHalf = long ? -1 : 0;
    this.#reservedHi = reserved(registers, WIDE_PTE, true).hi;
    this.#pdeReserved = reserved(registers, WIDE_PDE, true).lo;
    this.#pteReserved = reserved(registers, WIDE_PTE, true).lo;
    this.#keyMask = long ? 0xf : 0;
    this.#patMask = cpu.pat ? 1 : 0;
    this.#globalMask = (registers.cr4 & CR4_PGE) !== 0 ? G : 0;
  }

  /** The leaf's level. */
  get level(): Level {
    return this.#mode.levels.find(({ shift }) => shift === this.pageShift) as Level;
  }

  /**
   * Walks the tables for one address.
   *
   * @param memory Physical memory.
   * @param rootLo Low word of an entry that points to the root table (in PAE: the PDPTE of the address).
   * @param rootHi High word of it.
   * @param hi Bits 63..32 of the linear address, signed.
   * @param lo Bits 31..0.
   * @returns True if the fields hold the result; false if the walk needs the explaining walker.
   *
   * Source: Intel SDM vol. 3A, sections 4.3 to 4.6.
   */
  walk(memory: PhysicalMemory, rootHi: number, rootLo: number, hi: number, lo: number): boolean {
    if (this.#planned === 0) return hi === 0 && this.#lastTwo(memory, rootHi, rootLo, -1, rootHi, lo);
    return this.#descend(memory, rootHi, rootLo, hi, lo);
  }

  /** The levels of the plan, then the last two if they are not among them. */
  #descend(memory: PhysicalMemory, rootHi: number, rootLo: number, hi: number, lo: number): boolean {
    const sign = hi >> this.#signShift;
    if (sign !== 0 && sign !== this.#upperHalf) return false;
    const { words, places } = memory;
    const upper = (hi << 3) | (lo >>> UPPER_SHIFT);
    let entryLo = rootLo;
    let entryHi = rootHi;
    let and = -1;
    let or = rootHi;
    for (const step of this.#plan) {
      const table = places[((entryHi << 20) | (entryLo >>> 12)) >>> 0] ?? 0;
      const word = table + (((step.upper !== 0 ? upper : lo) >> step.shift) & step.mask);
      entryLo = words[word] ?? 0;
      entryHi = (words[word | 1] ?? 0) & this.#wordMask;
      and &= entryLo;
      if ((entryLo & step.leafMask) === step.leafValue) {
        if ((entryLo & step.leafReserved) !== 0) return false;
        return this.#arrive(step.pageShift, entryHi | ((entryLo >>> 13) & step.pse36), entryLo, and, or);
      }
      if ((entryLo & step.tableReserved) !== 0) return false;
      or |= entryHi;
    }
    return this.#lastTwo(memory, entryHi, entryLo, and, or, lo);
  }

  /** PDE and PTE of two words. A table that was never written is found at place 0, where zeros are; so is one beyond the list. */
  #lastTwo(memory: PhysicalMemory, rootHi: number, rootLo: number, and: number, or: number, lo: number): boolean {
    const { words, places } = memory;
    let word = (places[((rootHi << 20) | (rootLo >>> 12)) >>> 0] ?? 0) + ((lo >> PDE_WORD_SHIFT) & WORD_MASK);
    let leafLo = words[word] ?? 0;
    let leafHi = words[word | 1] ?? 0;
    let pageShift = PDE_SHIFT;
    and &= leafLo;
    if ((leafLo & LARGE) === 0) {
      or |= leafHi;
      word = (places[((leafHi << 20) | (leafLo >>> 12)) >>> 0] ?? 0) + ((lo >> PTE_WORD_SHIFT) & WORD_MASK);
      leafLo = words[word] ?? 0;
      leafHi = words[word | 1] ?? 0;
      pageShift = PTE_SHIFT;
      and &= leafLo;
      if ((leafLo & this.#pteReserved) !== 0) return false;
    } else if ((leafLo & this.#pdeReserved) !== 0) return false;
    return this.#arrive(pageShift, leafHi, leafLo, and, or);
  }

  /** The end of a walk, given the AND of all low words and the OR of the high words above the leaf. The fields' packing is `packRights`. */
  #arrive(pageShift: number, hi: number, lo: number, and: number, above: number): boolean {
    const or = above | hi;
    if ((and & PRESENT_ACCESSED) !== PRESENT_ACCESSED) return false;
    if (((or & this.#reservedHi) | (above & FAR)) !== 0) return false;
    this.leafLo = lo;
    this.leafHi = hi;
    this.pageShift = pageShift;
    const key = (hi >>> 27) & this.#keyMask;
    this.rights = ((and >>> 1) & 3) | ((or >>> 31) << 2) | ((lo >>> 3) & DIRTY) | (key << KEY_SHIFT);
    return true;
  }

  /** First frame of the page found. */
  frame(): number {
    return (this.leafHi & 0xf_ffff) * 0x10_0000 + ((this.leafLo & (-1 << this.pageShift)) >>> 12);
  }

  /** The flags that the TLB keeps of the page found (`packFlags`): rights, G if CR4.PGE is set, and the PAT index, which is PWT, PCD and PAT. */
  flags(): number {
    const { leafLo } = this;
    const pat = (leafLo >>> (this.pageShift === PTE_SHIFT ? 7 : 12)) & this.#patMask;
    return this.rights | (leafLo & this.#globalMask) | ((leafLo & CACHING) << 6) | (pat << 11);
  }
}

/**
 * Packs the rights of a walk.
 *
 * @param and AND of the entries' low words.
 * @param nx OR of the entries' high words.
 * @param leafLo Low word of the leaf, for D.
 * @param leafHi High word of the leaf, for the key; 0 in 32-bit modes.
 * @returns `RIGHT_…` bits.
 *
 * Source: Intel SDM vol. 3A, section 4.6 (rights are those of every entry used; the key is the leaf's).
 */
export function packRights(
  and: number,
  nx: number,
  leafHi: number,
  leafLo: number,
): number {
  return ((and >>> 1) & 3) | ((nx & NX) !== 0 ? RIGHT_NX : 0) |
    ((leafLo >>> 3) & RIGHT_D) |
    (protectionKey(leafHi) << RIGHT_KEY_SHIFT);
}

function planLevel(registers: WalkRegisters, level: Level): PlanLevel {
  const { cpu, mode, cr4 } = registers;
  const wordShift = mode.entryWords - 1;
  const upper = level.shift > UPPER_SHIFT ? 1 : 0;
  const always = level.leaf === "always";
  const large = !always && isLeaf(level, PS, cpu, (cr4 & CR4_PSE) !== 0);
  return {
    pageShift: level.shift,
    upper,
    shift: level.shift - wordShift - upper * UPPER_SHIFT,
    mask: ((1 << level.bits) - 1) << wordShift,
    leafMask: large ? PS : 0,
    leafValue: always ? 0 : PS,
    pse36: large && mode.entryWords === 1 && cpu.pse36 ? 0xff : 0,
    tableReserved: reserved(registers, level, false).lo,
    leafReserved: reserved(registers, level, true).lo,
  };
}

function reserved({ cpu, mode, cr4, efer }: WalkRegisters, level: Level, leaf: boolean): Entry {
  return reservedMask(mode, level, leaf, cpu, (efer & EFER_NXE) !== 0, (cr4 & CR4_PSE) !== 0);
}
