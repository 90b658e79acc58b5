/**
 * The four paging modes as data. The walkers, table builders, audit, dumps and figures all read these records.
 *
 * @module
 */

import { deepFreeze } from "../frozen.ts";
import { PS } from "./bits.ts";
import { levelShape, modeShape } from "./shapes.ts";
import { checkArguments, flag, isWord, word } from "../check.ts";
import { type Cpu, cpuShape } from "./cpus.ts";

/** When an entry of a level maps a page by itself. */
export type LeafRule =
  | "never"
  | "always"
  | "ps-if-cr4-pse"
  | "ps"
  | "ps-if-gigabyte-pages";

/** One level of a paging mode, from the root down. */
export interface Level {
  /** The manual's name of an entry: `PML5E`, `PML4E`, `PDPTE`, `PDE`, `PTE`. */
  readonly entry: string;
  /** The kernel's name of the table: `pgd`, `pud`, `pmd`, `pte`. In two-level paging the pmd is folded into the pgd. */
  readonly table: string;
  /** Lowest linear-address bit of this level's index; also log2 of the bytes that one entry covers. */
  readonly shift: number;
  /** Number of index bits. */
  readonly bits: number;
  /** When an entry is a leaf. */
  readonly leaf: LeafRule;
  /** Whether RW, US and NX of an entry count, and its A bit is set. False for the PDPTEs of PAE. */
  readonly rights: boolean;
  /** Whether bit 7 is reserved at this level, because entries of this level never map a page. */
  readonly psReserved: boolean;
}

/**
 * A paging mode.
 *
 * @category Types
 */
export interface Mode {
  /** Stable id, used in reports and saved states. */
  readonly id: "two-level" | "pae" | "4-level" | "5-level";
  /** 32-bit words an entry: 1 or 2. */
  readonly entryWords: 1 | 2;
  /** Width of a linear address in bits. */
  readonly linearBits: number;
  /** The levels, root first. */
  readonly levels: readonly Level[];
  /** Whether the root's entries live in CPU registers that are loaded with CR3 (PAE). */
  readonly rootInRegisters: boolean;
  /** Bits 62..52 of an entry: ignored in long mode, reserved in PAE. */
  readonly highBitsReserved: boolean;
  /** The year of the first x86 CPU with this mode. */
  readonly since: number;
}

const PTE = {
  entry: "PTE",
  table: "pte",
  shift: 12,
  leaf: "always",
  rights: true,
  psReserved: false,
} as const;

const WIDE_PTE = { ...PTE, bits: 9 };
const WIDE_PDE = {
  ...PTE,
  entry: "PDE",
  table: "pmd",
  shift: 21,
  bits: 9,
  leaf: "ps" as const,
};
const LONG_PDPTE = {
  ...WIDE_PDE,
  entry: "PDPTE",
  table: "pud",
  shift: 30,
  leaf: "ps-if-gigabyte-pages" as const,
};
const PML4E = {
  ...WIDE_PDE,
  entry: "PML4E",
  table: "pgd",
  shift: 39,
  leaf: "never" as const,
  psReserved: true,
};
const PML4E_BELOW = { ...PML4E, table: "p4d" };
const PML5E = {
  ...PML4E,
  entry: "PML5E",
  table: "pgd",
  shift: 48,
};

/**
 * The paging modes, by id.
 *
 * Source: Intel SDM vol. 3A, sections 4.3 (32-bit paging), 4.4 (PAE paging), 4.5 (4-level and 5-level paging). Years: 80386,
 * Pentium Pro, the first AMD64 CPU, the first Intel CPU with LA57.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MODES } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(MODES.pae.levels.map((level) => level.entry), ["PDPTE", "PDE", "PTE"]);
 * assertEquals(MODES["two-level"].levels.map((level) => level.bits), [10, 10]);
 * ```
 * @category Facts
 */
export const MODES: { readonly [id in Mode["id"]]: Mode } = deepFreeze({
  "two-level": {
    id: "two-level",
    entryWords: 1,
    linearBits: 32,
    levels: [
      {
        ...PTE,
        entry: "PDE",
        table: "pgd",
        shift: 22,
        bits: 10,
        leaf: "ps-if-cr4-pse",
      },
      { ...PTE, bits: 10 },
    ],
    rootInRegisters: false,
    highBitsReserved: false,
    since: 1985,
  },
  pae: {
    id: "pae",
    entryWords: 2,
    linearBits: 32,
    levels: [
      {
        ...WIDE_PDE,
        entry: "PDPTE",
        table: "pgd",
        shift: 30,
        bits: 2,
        leaf: "never",
        rights: false,
      },
      WIDE_PDE,
      WIDE_PTE,
    ],
    rootInRegisters: true,
    highBitsReserved: true,
    since: 1995,
  },
  "4-level": {
    id: "4-level",
    entryWords: 2,
    linearBits: 48,
    levels: [PML4E, LONG_PDPTE, WIDE_PDE, WIDE_PTE],
    rootInRegisters: false,
    highBitsReserved: false,
    since: 2003,
  },
  "5-level": {
    id: "5-level",
    entryWords: 2,
    linearBits: 57,
    levels: [PML5E, PML4E_BELOW, LONG_PDPTE, WIDE_PDE, WIDE_PTE],
    rootInRegisters: false,
    highBitsReserved: false,
    since: 2019,
  },
});

const PLACE = { level: levelShape, hi: word, lo: word };
const LEAF = { level: levelShape, lo: word, cpu: cpuShape, pse: flag };

/**
 * Index into a level's table for a linear address.
 *
 * @param level The level.
 * @param hi Bits 63..32 of the linear address.
 * @param lo Bits 31..0 of the linear address.
 * @returns 0 to 2^bits - 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { indexAt, MODES } from "@pagetable-init/textbook/mmu";
 *
 * const [pgd] = MODES["two-level"].levels;
 * assertEquals(indexAt(pgd!, 0, 0xc0000000), 768);
 * ```
 */
export function indexAt(level: Level, hi: number, lo: number): number {
  if (!isWord(lo) || !isWord(hi) || typeof level?.shift !== "number") checkArguments(PLACE, [level, hi, lo]);
  const { shift, bits } = level;
  const shifted = shift >= 32 ? hi >>> (shift - 32) : (hi << (32 - shift)) | (lo >>> shift);
  return shifted & ((1 << bits) - 1);
}

/**
 * Whether an entry maps a page by itself.
 *
 * @param level The entry's level.
 * @param lo The entry's low word.
 * @param cpu The CPU, for 1G pages.
 * @param pse CR4.PSE.
 * @returns True for a leaf. A present bit is not asked for.
 *
 * Source: Intel SDM vol. 3A, sections 4.3 to 4.5: PS waits for CR4.PSE in two-level paging only.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, isLeaf, MODES } from "@pagetable-init/textbook/mmu";
 *
 * const [pde] = MODES["two-level"].levels;
 * assertEquals([isLeaf(pde!, 0x83, CPUS.p6, false), isLeaf(pde!, 0x83, CPUS.p6, true)], [false, true]);
 * assertEquals(isLeaf(MODES.pae.levels[1]!, 0x83, CPUS.p6, false), true);
 * ```
 */
export function isLeaf(
  level: Level,
  lo: number,
  cpu: Cpu,
  pse: boolean,
): boolean {
  if (!isWord(lo) || typeof pse !== "boolean" || cpu?.gigabytePages === undefined || level?.leaf === undefined) {
    checkArguments(LEAF, [level, lo, cpu, pse]);
  }
  if (level.leaf === "always") return true;
  if ((lo & PS) === 0) return false;
  if (level.leaf === "ps") return true;
  if (level.leaf === "ps-if-cr4-pse") return pse;
  return level.leaf === "ps-if-gigabyte-pages" && cpu.gigabytePages;
}

/**
 * Whether the low words of a linear address fit a mode: zero above 32 bits, or canonical.
 *
 * @param mode The paging mode.
 * @param hi Bits 63..32.
 * @returns True if the CPU would walk; false where it raises #GP (long mode) or the address cannot be formed.
 *
 * Source: Intel SDM vol. 1, section 3.3.7.1.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isCanonical, MODES } from "@pagetable-init/textbook/mmu";
 *
 * assert(isCanonical(MODES["4-level"], 0xffff8000));
 * assert(!isCanonical(MODES["4-level"], 0x00008000));
 * assert(isCanonical(MODES["5-level"], 0x00008000));
 * ```
 */
export function isCanonical(mode: Mode, hi: number): boolean {
  if (!isWord(hi) || typeof mode?.linearBits !== "number") checkArguments({ mode: modeShape, hi: word }, [mode, hi]);
  if (mode.linearBits === 32) return hi === 0;
  const unused = 64 - mode.linearBits;
  return ((hi << unused) >> unused) === (hi | 0);
}
