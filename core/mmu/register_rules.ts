/**
 * The register values that a CPU refuses, and the paging mode that accepted ones select. Nothing here changes a register.
 *
 * @module
 */

import { checkArguments, wholeNumber } from "../check.ts";
import { show } from "../check.ts";
import {
  CR0_CD,
  CR0_NW,
  CR0_PE,
  CR0_PG,
  CR4_LA57,
  CR4_PAE,
  CR4_PCIDE,
  CR4_PGE,
  CR4_PKE,
  CR4_PSE,
  CR4_SMAP,
  CR4_SMEP,
  EFER_LMA,
  EFER_LME,
  EFER_NXE,
  P,
} from "./bits.ts";
import type { Cpu } from "./cpus.ts";
import { pdpteReserved } from "./reserved_bits.ts";
import { type GeneralProtection, generalProtection } from "./faults.ts";
import type { PhysicalMemory } from "./memory.ts";
import { MEMORY_TYPES } from "./memory_type.ts";
import { type Mode, MODES } from "./modes.ts";

/** CR4 bits that #GP on a CPU without the feature. */
const CR4_FEATURES: readonly (readonly [number, keyof Cpu])[] = [
  [CR4_PSE, "pse"],
  [CR4_PAE, "pae"],
  [CR4_PGE, "pge"],
  [CR4_LA57, "la57"],
  [CR4_SMEP, "smep"],
  [CR4_SMAP, "smap"],
  [CR4_PKE, "pku"],
  [CR4_PCIDE, "pcid"],
];

/** CR4 bits that no CPU has. */
const CR4_RESERVED = 0xec00_8000 | 0;

/** CR0 bits that #GP without another. */
const CR0_NEEDS: readonly (readonly [number, number, string])[] = [
  [CR0_PG, CR0_PE, "PG set without PE"],
  [CR0_NW, CR0_CD, "NW set without CD"],
];

/** The control registers before a write. */
export interface ControlRegisters {
  /** CR0. */
  readonly cr0: number;
  /** CR3. */
  readonly cr3: number;
  /** CR4. */
  readonly cr4: number;
  /** EFER. */
  readonly efer: number;
}

/**
 * Why a CR0 value is refused.
 *
 * @param value The value.
 * @param registers CR4 and EFER decide whether paging may begin.
 * @returns #GP for PG without PE, NW without CD, or PG with EFER.LME but without CR4.PAE; else undefined.
 *
 * Source: Intel SDM vol. 3A, sections 2.5 and 4.1.2.
 */
export function cr0Fault(value: number, { cr0, cr4, efer }: ControlRegisters): GeneralProtection | undefined {
  const impossible = CR0_NEEDS.find(([bit, needed]) => (value & bit) !== 0 && (value & needed) === 0);
  if (impossible) return generalProtection(`CR0.${impossible[2]}`);
  if ((cr0 & ~value & CR0_PG) !== 0 && (cr4 & CR4_PCIDE) !== 0) {
    return generalProtection("CR0.PG cleared while CR4.PCIDE is set");
  }
  const long = (value & CR0_PG) !== 0 && (efer & EFER_LME) !== 0;
  return long && (cr4 & CR4_PAE) === 0 ? generalProtection("CR0.PG set with EFER.LME but without CR4.PAE") : undefined;
}

/**
 * Splits a value for CR3 into root and bit 63.
 *
 * @param value The value, as a number or a bigint.
 * @returns `root`: its lower 63 bits; a number of 2^52 and above is never a root. `keep`: bit 63, which asks for no flush.
 * @throws {TypeError} If it is neither number nor bigint.
 * @throws {RangeError} If it is negative, fractional or has more than 64 bits.
 */
export function cr3Value(value: number | bigint): { readonly root: number; readonly keep: boolean } {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 52) {
    return { root: value, keep: false };
  }
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw new TypeError(`Expected value to be a number or a bigint but found ${show(value)}`);
  }
  const whole = typeof value === "bigint" || Number.isInteger(value) ? BigInt(value) : -1n;
  if (whole < 0n || whole >> 64n !== 0n) {
    throw new RangeError(`Expected a CR3 value of 0 to 2^64 - 1 but found ${show(value)}`);
  }
  return { root: Number(whole & ~(1n << 63n)), keep: whole >> 63n !== 0n };
}

/** #GP for bit 63 of CR3 without CR4.PCIDE: it is reserved then. */
export function cr3Keep(): GeneralProtection {
  return generalProtection("bit 63 of CR3 set without CR4.PCIDE");
}

/**
 * Why a CR3 value is refused.
 *
 * @param value The value, 0 to 2^52 - 1.
 * @param cpu Its physical width counts; without long mode CR3 has 32 bits.
 * @param mode The paging mode: a 32-bit one cannot write more than 32 bits.
 * @returns #GP for bits beyond the width; else undefined.
 *
 * Source: Intel SDM vol. 3A, section 4.5 (table 4-12).
 */
export function cr3Fault(value: number, cpu: Cpu, mode: Mode | undefined): GeneralProtection | undefined {
  const width = cpu.longMode && mode?.linearBits !== 32 ? cpu.physicalBits : 32;
  return value >= 2 ** width ? generalProtection(`CR3 has bits beyond ${width}`) : undefined;
}

/**
 * Why a CR4 value is refused.
 *
 * @param value The value.
 * @param registers CR4 and EFER as they are.
 * @param cpu The CPU; its features decide.
 * @returns #GP for a feature that the CPU lacks, and for leaving PAE or changing LA57 in long mode; else undefined.
 *
 * Source: Intel SDM vol. 3A, sections 2.5 and 4.1.2.
 */
export function cr4Fault(value: number, { cr3, cr4, efer }: ControlRegisters, cpu: Cpu): GeneralProtection | undefined {
  const lacking = CR4_FEATURES.find(([bit, feature]) => (value & bit) !== 0 && cpu[feature] !== true);
  if (lacking) return generalProtection(`CR4 bit for ${lacking[1]}, which a ${cpu.name} does not have`);
  if ((value & CR4_RESERVED) !== 0) return generalProtection("a reserved bit of CR4");
  const long = (efer & EFER_LMA) !== 0;
  if ((value & ~cr4 & CR4_PCIDE) !== 0 && (!long || cr3 % 4096 !== 0)) {
    return generalProtection(
      long ? "CR4.PCIDE set while bits 11..0 of CR3 are not 0" : "CR4.PCIDE set outside long mode",
    );
  }
  return long && (((value ^ cr4) & CR4_LA57) !== 0 || (value & CR4_PAE) === 0)
    ? generalProtection("CR4.PAE or CR4.LA57 changed in long mode")
    : undefined;
}

/**
 * Why an EFER value is refused.
 *
 * @param value The value.
 * @param registers CR0 and EFER as they are.
 * @param cpu The CPU; its features decide.
 * @returns #GP for NXE or LME on a CPU without it, and for changing LME while paging; else undefined.
 *
 * Source: Intel SDM vol. 3A, sections 2.2.1 and 4.1.2.
 */
export function eferFault(value: number, { cr0, efer }: ControlRegisters, cpu: Cpu): GeneralProtection | undefined {
  if ((value & EFER_NXE) !== 0 && !cpu.nx) return generalProtection(`EFER.NXE on a ${cpu.name}`);
  if ((value & EFER_LME) !== 0 && !cpu.longMode) return generalProtection(`EFER.LME on a ${cpu.name}`);
  const paging = (cr0 & CR0_PG) !== 0;
  return paging && ((value ^ efer) & EFER_LME) !== 0 ? generalProtection("EFER.LME changed while paging") : undefined;
}

/**
 * Why a page attribute table is refused.
 *
 * @param pat Eight encodings.
 * @param cpu Whether it has a PAT.
 * @returns #GP for a reserved encoding or on a CPU without PAT; else undefined.
 *
 * Source: Intel SDM vol. 3A, section 11.12.2 and table 11-10.
 */
export function patFault(pat: readonly number[], cpu: Cpu): GeneralProtection | undefined {
  if (!cpu.pat) return generalProtection(`PAT on a ${cpu.name}`);
  const reserved = pat.find((encoding) => MEMORY_TYPES[encoding] === undefined);
  return reserved === undefined ? undefined : generalProtection(`PAT encoding ${reserved} is reserved`);
}

/**
 * The four PDPTEs that a load of the PDPTE registers takes: 32 bytes at CR3 with its low five bits cleared.
 *
 * @param memory Physical memory.
 * @param cr3 CR3.
 * @param cpu Its physical width decides about reserved bits.
 * @returns Eight words, low and high of each; or #GP if one of them is present and has a reserved bit set.
 *
 * Source: Intel SDM vol. 3A, section 4.4.1.
 */
export function pdptesAt(memory: PhysicalMemory, cr3: number, cpu: Cpu): readonly number[] | GeneralProtection {
  const reserved = pdpteReserved(cpu);
  const words = pdpteWords(memory, cr3);
  for (let i = 0; i < 8; i += 2) {
    const [lo = 0, hi = 0] = words.slice(i, i + 2);
    if ((lo & P) !== 0 && ((lo & reserved.lo) | (hi & reserved.hi)) !== 0) {
      return generalProtection(`PDPTE ${i / 2} has a reserved bit set`);
    }
  }
  return words;
}

/** Reads the four PDPTEs without a check of their reserved bits. */
export function pdpteWords(memory: PhysicalMemory, cr3: number): number[] {
  const frame = Math.floor(cr3 / 4096);
  const first = (cr3 % 4096) >>> 5 << 3;
  return Array.from({ length: 8 }, (_, word) => memory.read(frame, first + word));
}

/**
 * The paging mode that the registers select once CR0.PG is set.
 *
 * @param cr4 PAE and LA57 matter.
 * @param efer LMA matters.
 * @returns The mode.
 *
 * Source: Intel SDM vol. 3A, section 4.1.1 (table 4-1).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CR4_PAE, EFER_LMA, EFER_LME, selectMode } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(selectMode(CR4_PAE, 0).id, "pae");
 * assertEquals(selectMode(CR4_PAE, EFER_LME | EFER_LMA).id, "4-level");
 * ```
 */
export function selectMode(cr4: number, efer: number): Mode {
  checkArguments({ cr4: wholeNumber, efer: wholeNumber }, [cr4, efer]);
  if ((efer & EFER_LMA) !== 0) {
    return (cr4 & CR4_LA57) !== 0 ? MODES["5-level"] : MODES["4-level"];
  }
  return (cr4 & CR4_PAE) !== 0 ? MODES.pae : MODES["two-level"];
}
