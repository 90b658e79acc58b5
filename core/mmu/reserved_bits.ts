/**
 * The bits of an entry that must be 0.
 *
 * @module
 */

import { checkArguments, flag } from "../check.ts";
import { NX, PAT, PAT_LARGE, PS } from "./bits.ts";
import { type Cpu, cpuShape } from "./cpus.ts";
import type { Entry } from "./entry.ts";
import type { Level, Mode } from "./modes.ts";
import { levelShape, modeShape } from "./shapes.ts";

const RULES = { mode: modeShape, level: levelShape, leaf: flag, cpu: cpuShape, nxe: flag, pse: flag };

/**
 * The reserved bits of a present entry.
 *
 * @param mode Paging mode.
 * @param level The entry's level.
 * @param leaf Whether the entry maps a page.
 * @param cpu The CPU; the mask depends on its physical width, PSE-36 and PAT.
 * @param nxe EFER.NXE: bit 63 is reserved without it.
 * @param pse CR4.PSE: without it two-level paging reserves nothing, not even the PAT bit of a CPU that has no PAT.
 * @returns A mask of two words: a set bit of the entry under the mask is a reserved-bit violation.
 *
 * Source: Intel SDM vol. 3A, sections 4.3 to 4.5 and 4.7. The PDPTEs of PAE are checked when they are loaded (section 4.4.1): `pdpteReserved`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES, reservedBits } from "@pagetable-init/textbook/mmu";
 *
 * const pte = MODES.pae.levels[2]!;
 * // 36 address bits, no NX: bits 63..36 of a PAE entry
 * assertEquals(reservedBits(MODES.pae, pte, true, CPUS.p6, false).hi >>> 0, 0xffff_fff0);
 * ```
 */
export function reservedBits(
  mode: Mode,
  level: Level,
  leaf: boolean,
  cpu: Cpu,
  nxe: boolean,
  pse: boolean = cpu?.pse,
): Entry {
  checkArguments(RULES, [mode, level, leaf, cpu, nxe, pse]);
  return reservedMask(mode, level, leaf, cpu, nxe, pse);
}

/** As `reservedBits`, without checks: for every step of a walk. */
export function reservedMask(
  mode: Mode,
  level: Level,
  leaf: boolean,
  cpu: Cpu,
  nxe: boolean,
  pse: boolean,
): Entry {
  const patBit = leaf && !cpu.pat ? (level.shift === 12 ? PAT : PAT_LARGE) : 0;
  if (mode.entryWords === 1) {
    return { lo: pse ? patBit | (leaf && level.shift === 22 ? reservedIn4M(cpu) : 0) : 0, hi: 0 };
  }
  const lowFrame = leaf && level.shift > 12 ? (2 ** Math.min(level.shift, 31) - 1) & ~0x1fff : 0;
  const lo = lowFrame | patBit |
    (level.psReserved || psWithoutPage(level, cpu) ? PS : 0);
  const above = aboveWidth(cpu.physicalBits);
  return {
    lo,
    hi: above | (mode.highBitsReserved ? 0x7ff0_0000 : 0) | (nxe ? 0 : NX),
  };
}

/**
 * Bits of a PDPTE that make loading CR3 in PAE mode a #GP: 2..1, 8..5, and all from the physical width up.
 *
 * @param cpu The CPU; its physical width counts.
 * @returns A mask of two words.
 *
 * Source: Intel SDM vol. 3A, section 4.4.1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, pdpteReserved } from "@pagetable-init/textbook/mmu";
 *
 * const { lo, hi } = pdpteReserved(CPUS.p6);
 * assertEquals([lo, hi >>> 0], [0x1e6, 0xffff_fff0]); // neither RW nor US nor NX
 * ```
 */
export function pdpteReserved(cpu: Cpu): Entry {
  cpuShape(cpu, "cpu");
  return { lo: 0x1e6, hi: aboveWidth(cpu.physicalBits) | 0xfff0_0000 };
}

/** Bits 51..M of an entry, in the high word. */
function aboveWidth(physicalBits: number): number {
  return 0xf_ffff & (-1 << (Math.max(physicalBits, 32) - 32));
}

function psWithoutPage(level: Level, cpu: Cpu): boolean {
  return level.leaf === "ps-if-gigabyte-pages" && !cpu.gigabytePages;
}

/** Bit 21 always; of the PSE-36 bits 20..13 those beyond the physical width. */
function reservedIn4M(cpu: Cpu): number {
  const width = cpu.pse36 ? Math.min(cpu.physicalBits, 40) - 32 : 0;
  return 0x003f_e000 & ~(((1 << width) - 1) << 13);
}
