/**
 * The fast walker: the happy path of every paging mode from one plan of its records.
 *
 * It reads the levels, combines their rights, and answers only if nothing is unusual: every entry present and accessed, no reserved
 * bit set. Everything else is left to `explain`, which alone knows why a walk stops.
 *
 * @module
 */

import { A, CR4_PSE, EFER_NXE, G, NX, P, PS } from "./bits.ts";
import type { Cpu } from "./cpus.ts";
import { leafFrame, patIndex, protectionKey, reservedBits } from "./entry.ts";
import { CHUNK_SHIFT, FRAMES_PER_CHUNK, type PhysicalMemory } from "./memory.ts";
import { isLeaf, type Level, type Mode } from "./modes.ts";
import { RIGHT_D, RIGHT_KEY_SHIFT, RIGHT_NX } from "./permissions.ts";

/** Of an entry's low word shifted right by two: index of its frame's first word in the chunk. */
const FRAME_IN_CHUNK = (FRAMES_PER_CHUNK - 1) << 10;
/** Frame bits that the index of a chunk has no room for: such walks are left to `explain`. */
const FAR = 0xf_0000;

/** One level, reduced to the numbers that the loop needs. */
interface PlanLevel {
  readonly level: Level;
  readonly shift: number;
  readonly mask: number;
  /** PS where it makes a leaf, else 0. */
  readonly leafBit: number;
  readonly last: boolean;
  readonly tableReservedLo: number;
  readonly tableReservedHi: number;
  readonly leafReservedLo: number;
  readonly leafReservedHi: number;
}

/** The registers that shape a walk, apart from its root. */
export interface WalkRegisters {
  /** The CPU. */
  readonly cpu: Cpu;
  /** The paging mode. */
  readonly mode: Mode;
  /** CR4; PSE matters. */
  readonly cr4: number;
  /** EFER; NXE matters. */
  readonly efer: number;
}

/**
 * A fast walker for one setting of the control registers. What it found is in its fields, so that a walk allocates nothing.
 */
export class Walker {
  /** Low word of the leaf. */
  leafLo = 0;
  /** High word of the leaf. */
  leafHi = 0;
  /** Packed rights of the walk (`RIGHT_…`). */
  rights = 0;
  /** The leaf's level. */
  level: Level;

  readonly #mode: Mode;
  readonly #cpu: Cpu;
  readonly #plan: readonly PlanLevel[];
  readonly #keyed: boolean;

  /**
   * Plans the walks for one setting of the control registers.
   *
   * @param registers The control registers.
   */
  constructor(registers: WalkRegisters) {
    const { mode, cpu } = registers;
    this.#mode = mode;
    this.#cpu = cpu;
    this.#keyed = mode.linearBits > 32;
    const walked = mode.rootInRegisters ? mode.levels.slice(1) : mode.levels;
    this.#plan = walked.map((level) => planLevel(registers, level));
    this.level = mode.levels[mode.levels.length - 1] as Level;
  }

  /**
   * Walks the tables for one address.
   *
   * @param memory Physical memory.
   * @param rootLo Low word of an entry that points to the root table (in PAE: the PDPTE of the address).
   * @param rootHi High word of it.
   * @param hi Bits 63..32 of the linear address.
   * @param lo Bits 31..0.
   * @returns True if the fields hold the result; false if the walk needs the explaining walker.
   *
   * Source: Intel SDM vol. 3A, sections 4.3 to 4.6.
   */
  walk(
    memory: PhysicalMemory,
    rootLo: number,
    rootHi: number,
    hi: number,
    lo: number,
  ): boolean {
    if ((rootHi & FAR) !== 0) return false;
    const { chunks } = memory;
    const words = this.#mode.entryWords;
    let entryLo = rootLo;
    let entryHi = rootHi;
    let and = -1;
    let nx = 0;
    for (const step of this.#plan) {
      const { shift } = step;
      const shifted = shift >= 32 ? hi >>> (shift - 32) : (hi << (32 - shift)) | (lo >>> shift);
      const chunk = chunks[((entryHi & 0xffff) << 16) | (entryLo >>> CHUNK_SHIFT)];
      if (chunk === undefined) return false;
      const word = ((entryLo >>> 2) & FRAME_IN_CHUNK) + (shifted & step.mask) * words;
      entryLo = chunk[word] ?? 0;
      entryHi = words === 2 ? chunk[word + 1] ?? 0 : 0;
      and &= entryLo;
      nx |= entryHi;
      if (step.last || (entryLo & step.leafBit) !== 0) {
        if (
          (and & (P | A)) !== (P | A) ||
          ((entryLo & step.leafReservedLo) | (entryHi & step.leafReservedHi)) !== 0
        ) return false;
        this.#found(step, entryLo, entryHi, and, nx);
        return true;
      }
      if (((entryLo & step.tableReservedLo) | (entryHi & step.tableReservedHi)) !== 0) return false;
    }
    return false;
  }

  /** First frame of the page found. */
  frame(): number {
    return leafFrame(
      this.#mode,
      this.level,
      this.leafLo,
      this.leafHi,
      this.#cpu,
    );
  }

  /** Whether the page found is global. */
  isGlobal(): boolean {
    return (this.leafLo & G) !== 0;
  }

  /** PAT index of the page found. */
  patIndex(): number {
    return patIndex(this.level, this.leafLo, this.#cpu);
  }

  #found(
    step: PlanLevel,
    lo: number,
    hi: number,
    and: number,
    nx: number,
  ): void {
    this.leafLo = lo;
    this.leafHi = hi;
    this.level = step.level;
    this.rights = packRights(and, nx, lo, this.#keyed ? hi : 0);
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
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { NX, packRights, RIGHT_NX, RIGHT_US } from "@pagetable-init/textbook";
 *
 * // a table with P RW US and NX above a leaf with P US
 * assertEquals(packRights(0x007 & 0x005, NX | 0, 0x005, 0), RIGHT_US | RIGHT_NX);
 * ```
 */
export function packRights(
  and: number,
  nx: number,
  leafLo: number,
  leafHi: number,
): number {
  return ((and >>> 1) & 3) | ((nx & NX) !== 0 ? RIGHT_NX : 0) |
    ((leafLo >>> 3) & RIGHT_D) |
    (protectionKey(leafHi) << RIGHT_KEY_SHIFT);
}

function planLevel(
  { cpu, mode, cr4, efer }: WalkRegisters,
  level: Level,
): PlanLevel {
  const pse = (cr4 & CR4_PSE) !== 0;
  const nxe = (efer & EFER_NXE) !== 0;
  const leaf = reservedBits(mode, level, true, cpu, nxe, pse);
  const table = reservedBits(mode, level, false, cpu, nxe, pse);
  return {
    level,
    shift: level.shift,
    mask: (1 << level.bits) - 1,
    leafBit: isLeaf(level, PS, cpu, pse) ? PS : 0,
    last: level.leaf === "always",
    tableReservedLo: table.lo,
    leafReservedLo: leaf.lo,
    tableReservedHi: table.hi | FAR,
    leafReservedHi: leaf.hi,
  };
}
