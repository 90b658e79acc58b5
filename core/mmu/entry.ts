/**
 * The bit fields of a page-table entry, read and made. Only this file, `reserved_bits.ts` and the fast walker shift entry bits.
 *
 * @module
 */

import { levelShape, modeShape } from "./shapes.ts";
import { checkArguments, frameNumber, isWord, optional, word } from "../check.ts";
import { PAT, PAT_LARGE, PCD, PS, PWT } from "./bits.ts";
import { type Cpu, cpuShape } from "./cpus.ts";
import type { Level, Mode } from "./modes.ts";

/** An entry as two words; `hi` is 0 in two-level paging. */
export interface Entry {
  /** Bits 31..0, signed or unsigned. */
  readonly lo: number;
  /** Bits 63..32, signed or unsigned. */
  readonly hi: number;
}

const ENTRY = { lo: word, hi: word };
const LEAF = { mode: modeShape, level: levelShape, lo: word, hi: word, cpu: cpuShape };
const FLAGS = { lo: word, hi: word, level: optional(levelShape) };
const MADE_ENTRY = { frame: frameNumber, flags: word };
const MADE = { mode: modeShape, level: levelShape, ...MADE_ENTRY };
const CACHED = { level: levelShape, lo: word, cpu: cpuShape };

/**
 * Frame number in an entry that points to a table or maps a 4K page.
 *
 * @param lo Low word.
 * @param hi High word.
 * @returns Bits 51..12, as a number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { frameOf } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(frameOf(0, 0x0051_3067), 0x513);
 * assertEquals(frameOf(0x8000_0001, 0x0000_1063), 0x10_0001);
 * ```
 */
export function frameOf(hi: number, lo: number): number {
  if (!isWord(lo) || !isWord(hi)) checkArguments(ENTRY, [lo, hi]);
  return (hi & 0xf_ffff) * 0x10_0000 + (lo >>> 12);
}

/**
 * First frame of the page that a leaf maps: the low bits of a large frame dropped, PSE-36 bits moved to their place.
 *
 * @param mode Paging mode.
 * @param level The leaf's level.
 * @param lo Low word.
 * @param hi High word.
 * @param cpu The CPU, for PSE-36.
 * @returns Frame number.
 *
 * Source: Intel SDM vol. 3A, section 4.3, table 4-4 (4M page: bits 39..32 in 20..13).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, leafFrame, MODES } from "@pagetable-init/textbook/mmu";
 *
 * const mode = MODES["two-level"];
 * const [pde] = mode.levels;
 * assertEquals(leafFrame(mode, pde!, 0, 0x00c0_2083, CPUS.p6), 0x10_0c00); // bit 13 is physical bit 32
 * assertEquals(leafFrame(mode, pde!, 0, 0x00c0_0083, CPUS.pentium), 0xc00);
 * ```
 */
export function leafFrame(
  mode: Mode,
  level: Level,
  hi: number,
  lo: number,
  cpu: Cpu,
): number {
  if (!isWord(lo) || !isWord(hi) || !isWord(level?.shift) || !isWord(mode?.entryWords) || !isWord(cpu?.physicalBits)) {
    checkArguments(LEAF, [mode, level, lo, hi, cpu]);
  }
  return frameOfLeaf(mode, level, hi, lo, cpu);
}

/** What `leafFrame` returns, without its checks: for hot paths. */
export function frameOfLeaf(mode: Mode, level: Level, hi: number, lo: number, cpu: Cpu): number {
  if (level.shift === 12) return frameOf(hi, lo);
  if (mode.entryWords === 1) {
    return (cpu.pse36 ? ((lo >>> 13) & 0xff) * 0x10_0000 : 0) +
      (lo >>> 22) * 1024;
  }
  return frameOf(hi, lo & -(2 ** Math.min(level.shift, 31)));
}

/** The low word of an entry, without checks of frame number and flags: for hot paths. */
export function lowWord(frame: number, flags: number): number {
  return (frame << 12) | flags;
}

/** The high word of it, without flags. */
export function highWord(frame: number): number {
  return (frame / 0x10_0000) | 0;
}

/** Bits 19..13 are not allowed in a flag set: they are frame bits in the low word and in the high word. */
const NO_FLAGS = 0x000f_e000;

/**
 * The two words of an entry that points to a table or maps a 4K page.
 *
 * One word holds the flags of both words, because they do not overlap: bits 11..0 are those of the low word (`P` to
 * `G` and the three free ones), bits 31..20 those of the high word (`NX`, the protection key, the free ones).
 *
 * @param frame Frame number, below 2^40.
 * @param flags Flag set, for example `P | RW | NX`; signed or unsigned. Bit 12 (`PAT_LARGE`) is a large leaf's: see `makeLeaf`.
 * @returns The entry, words unsigned.
 * @throws {RangeError} If the frame number does not fit an entry, or a flag has no place in it.
 *
 * Source: Intel SDM vol. 3A, tables 4-10, 4-11, 4-18 to 4-20.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { flagsOf, frameOf, makeEntry, NX, P, RW } from "@pagetable-init/textbook/mmu";
 *
 * const entry = makeEntry(7, P | RW | NX);
 * assertEquals(entry, { lo: 0x0000_7003, hi: 0x8000_0000 });
 * assertEquals(frameOf(entry.hi, entry.lo), 7);
 * assertEquals(flagsOf(entry.hi, entry.lo), P | RW | NX);
 * ```
 */
export function makeEntry(frame: number, flags: number): Entry {
  checkArguments(MADE_ENTRY, [frame, flags]);
  return join(frame, flags, NO_FLAGS | PAT_LARGE);
}

/**
 * The two words of a leaf of any page size: PS and the PSE-36 bits of a large page are put in their places.
 *
 * @param mode Paging mode.
 * @param level The leaf's level.
 * @param frame First frame of the page, a multiple of the page's size, below 2^40.
 * @param flags Flag set, as `makeEntry` takes it; of a large page bit 12 is PAT (`PAT_LARGE`) and bit 7 is set in any case.
 * @returns The entry, words unsigned. What `leafFrame` reads from it is `frame`, if CPU and mode have that many address bits.
 * @throws {RangeError} If the frame does not begin a page of this size or does not fit an entry, or a flag has no place in it.
 *
 * Source: Intel SDM vol. 3A, tables 4-4, 4-6, 4-9, 4-11, 4-16, 4-18, 4-20.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, leafFrame, makeLeaf, MODES, P, RW } from "@pagetable-init/textbook/mmu";
 *
 * const mode = MODES["two-level"];
 * const [pde] = mode.levels;
 * const { lo, hi } = makeLeaf(mode, pde!, 0x10_0c00, P | RW); // 4M at 4 GiB + 12 MiB: PSE-36
 * assertEquals([lo, hi], [0x00c0_2083, 0]);
 * assertEquals(leafFrame(mode, pde!, hi, lo, CPUS.p6), 0x10_0c00);
 * ```
 */
export function makeLeaf(mode: Mode, level: Level, frame: number, flags: number): Entry {
  checkArguments(MADE, [mode, level, frame, flags]);
  if (level.shift === 12) return makeEntry(frame, flags);
  const frames = 2 ** (level.shift - 12);
  if (frame % frames !== 0) {
    throw new RangeError(`Expected a frame that is a multiple of ${frames} but found ${frame}`);
  }
  const { lo, hi } = join(frame, flags | PS, NO_FLAGS);
  if (mode.entryWords === 2) return { lo, hi };
  return { lo: (lo | (hi & 0xff) << 13) >>> 0, hi: hi & ~0xff };
}

/**
 * The flag set of an entry: all bits outside the address, in the form that `makeEntry` takes.
 *
 * @param lo Low word.
 * @param hi High word.
 * @param level The level of a leaf: of a large one bit 12, its PAT bit, is a flag.
 * @returns Bits 11..0 (12..0 of a large leaf) of the low word and 31..20 of the high word; signed, as `P | RW | NX` is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { A, flagsOf, NX, P } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(flagsOf(0x8000_0003, 0x0051_3021), P | A | NX);
 * ```
 */
export function flagsOf(hi: number, lo: number, level?: Level): number {
  if (!isWord(lo) || !isWord(hi) || (level !== undefined && !isWord(level?.shift))) {
    checkArguments(FLAGS, [lo, hi, level]);
  }
  const large = level !== undefined && level.shift > 12;
  return (lo & (large ? 0x1fff : 0xfff)) | (hi & 0xfff0_0000);
}

function join(frame: number, flags: number, noFlags: number): Entry {
  if ((flags & noFlags) !== 0) {
    throw new RangeError(`Expected flags in bits 11..0 and 31..20 but found 0x${(flags >>> 0).toString(16)}`);
  }
  return {
    lo: ((frame & 0xf_ffff) << 12 | (flags & 0x1fff)) >>> 0,
    hi: (Math.floor(frame / 0x10_0000) | (flags & 0xfff0_0000)) >>> 0,
  };
}

/**
 * PAT index of a leaf: bit 2 PAT, bit 1 PCD, bit 0 PWT.
 *
 * @param level The leaf's level: the PAT bit is bit 7 of a 4K leaf and bit 12 of a large one.
 * @param lo Low word.
 * @param cpu Without PAT the index has two bits.
 * @returns 0 to 7.
 *
 * Source: Intel SDM vol. 3A, section 4.9.2.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES, patIndex } from "@pagetable-init/textbook/mmu";
 *
 * const [pde, pte] = MODES["two-level"].levels;
 * assertEquals([patIndex(pte!, 0x080, CPUS.p6), patIndex(pde!, 0x1080, CPUS.p6)], [4, 4]);
 * assertEquals(patIndex(pte!, 0x1018, CPUS.p6), 3); // bit 12 of a 4K leaf is an address bit
 * ```
 */
export function patIndex(level: Level, lo: number, cpu: Cpu): number {
  if (!isWord(lo) || !isWord(level?.shift) || typeof cpu?.pat !== "boolean") checkArguments(CACHED, [level, lo, cpu]);
  const pat = cpu.pat && (lo & (level.shift === 12 ? PAT : PAT_LARGE)) !== 0;
  return (pat ? 4 : 0) | ((lo & PCD) !== 0 ? 2 : 0) |
    ((lo & PWT) !== 0 ? 1 : 0);
}

/**
 * Protection key of a leaf.
 *
 * @param hi High word.
 * @returns Bits 62..59 of the entry, 0 to 15. Only in long mode, and with CR4.PKE, they are a key.
 *
 * Source: Intel SDM vol. 3A, section 4.6.2.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { protectionKey } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(protectionKey(0x2800_0000), 5);
 * ```
 */
export function protectionKey(hi: number): number {
  if (!isWord(hi)) word(hi, "hi");
  return (hi >>> 27) & 0xf;
}
