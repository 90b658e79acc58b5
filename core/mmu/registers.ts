/**
 * Control registers, and what the CPU does when one is written: check, load PDPTEs, flush.
 *
 * @module
 */

import { type Address, toLinear } from "./address.ts";
import {
  CR0_CD,
  CR0_NW,
  CR0_PE,
  CR0_PG,
  CR4_LA57,
  CR4_PAE,
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
import { pdpteReserved } from "./entry.ts";
import type { Paging } from "./explain.ts";
import { type GeneralProtection, generalProtection } from "./faults.ts";
import type { PhysicalMemory } from "./memory.ts";
import { MEMORY_TYPES, type MtrrType, PAT_RESET } from "./memory_type.ts";
import { type Mode, MODES } from "./modes.ts";
import { keysInForce, permissionTable } from "./permissions.ts";
import { Tlb } from "./tlb.ts";
import { Walker } from "./walk.ts";

/** CR4 bits that #GP on a CPU without the feature. */
const CR4_FEATURES: readonly (readonly [number, keyof Cpu])[] = [
  [CR4_PSE, "pse"],
  [CR4_PAE, "pae"],
  [CR4_PGE, "pge"],
  [CR4_LA57, "la57"],
  [CR4_SMEP, "smep"],
  [CR4_SMAP, "smap"],
  [CR4_PKE, "pku"],
];
/** CR0 bits that #GP without another. */
const CR0_NEEDS: readonly (readonly [number, number, string])[] = [
  [CR0_PG, CR0_PE, "PG set without PE"],
  [CR0_NW, CR0_CD, "NW set without CD"],
];
const CR0_CD_NW_PG: number = CR0_CD | CR0_NW | CR0_PG;

/**
 * The registers of one CPU that paging reads, its TLB, and the memory behind them.
 *
 * Each `write…` method is the instruction: it does what the CPU does at that moment and returns #GP as a value, with nothing changed.
 */
export class Registers implements Paging {
  /** The CPU. */
  readonly cpu: Cpu;
  /** Physical memory. */
  readonly memory: PhysicalMemory;
  /** What the CPU remembers of walks. */
  readonly tlb: Tlb = new Tlb();
  /** The PDPTE registers of PAE: low and high word of each. They are not memory. */
  readonly pdptes: Int32Array = new Int32Array(8);
  /** Address of the last page fault, signed words: high and low. */
  readonly cr2: Int32Array = new Int32Array(2);

  #pat: readonly number[] = PAT_RESET;
  #mtrrType: MtrrType = "WB";
  #cr0 = 0x11;
  #cr3 = 0;
  #cr4 = 0;
  #efer = 0;
  #pkru = 0;
  #ac = false;
  #mode: Mode | undefined = undefined;
  /** The fast walker for the registers as they are; undefined while paging is off. */
  protected walker: Walker | undefined = undefined;
  /** Which accesses each byte of rights allows (`permissionTable`). */
  protected allowed: Uint8Array = new Uint8Array(256);

  /**
   * @param cpu What the CPU has; see `CPUS`.
   * @param memory Physical memory.
   */
  constructor(cpu: Cpu, memory: PhysicalMemory) {
    this.cpu = cpu;
    this.memory = memory;
  }

  /** CR0, signed. */
  get cr0(): number {
    return this.#cr0;
  }
  /** CR3: physical address of the root with its low bits; below 2^52. */
  get cr3(): number {
    return this.#cr3;
  }
  /** CR4. */
  get cr4(): number {
    return this.#cr4;
  }
  /** EFER. */
  get efer(): number {
    return this.#efer;
  }
  /** Page attribute table, eight encodings, entry 0 first. */
  get pat(): readonly number[] {
    return this.#pat;
  }
  /** The memory type that the MTRRs give all of memory. */
  get mtrrType(): MtrrType {
    return this.#mtrrType;
  }
  /** PKRU. */
  get pkru(): number {
    return this.#pkru;
  }
  /** EFLAGS.AC. */
  get ac(): boolean {
    return this.#ac;
  }
  /** The paging mode that the registers select; undefined while paging is off. */
  get mode(): Mode | undefined {
    return this.#mode;
  }

  /**
   * MOV to CR0. Setting PG enters the mode that CR4 and EFER select; clearing it flushes the TLB.
   *
   * @param value New value.
   * @returns #GP for PG without PE, NW without CD, PG with a bad PDPTE, or PG with LME but no PAE; else undefined.
   *
   * Source: Intel SDM vol. 3A, sections 2.5, 4.1.2, 4.4.1, 4.10.4.1.
   */
  writeCr0(value: number): GeneralProtection | undefined {
    const changed = value ^ this.#cr0;
    const paging = (value & CR0_PG) !== 0;
    const impossible = CR0_NEEDS.find(([bit, needed]) => (value & bit) !== 0 && (value & needed) === 0);
    if (impossible) return generalProtection(`CR0.${impossible[2]}`);
    if (
      paging && (this.#efer & EFER_LME) !== 0 && (this.#cr4 & CR4_PAE) === 0
    ) {
      return generalProtection("CR0.PG set with EFER.LME but without CR4.PAE");
    }
    const long = paging && (this.#efer & EFER_LME) !== 0;
    if (
      paging && !long && (this.#cr4 & CR4_PAE) !== 0 &&
      (changed & CR0_CD_NW_PG) !== 0
    ) {
      const fault = this.#loadPdptes(this.#cr3);
      if (fault) return fault;
    }
    this.#cr0 = value | 0;
    if ((changed & CR0_PG) !== 0) {
      this.#efer = long ? this.#efer | EFER_LMA : this.#efer & ~EFER_LMA;
      if (!paging) this.tlb.flush(false);
    }
    this.#registersChanged();
    return undefined;
  }

  /**
   * MOV to CR3. Flushes all but global translations; in PAE mode loads and checks the PDPTEs.
   *
   * @param value Physical address of the root table; the low bits are kept.
   * @returns #GP for bits beyond the physical width (beyond 32 on a CPU without long mode) or for a PDPTE with a reserved bit;
   * nothing is changed then. Else undefined.
   * @throws {RangeError} If the value is negative, fractional or 2^52 and above.
   *
   * Source: Intel SDM vol. 3A, sections 4.4.1, 4.5 (table 4-12) and 4.10.4.1.
   */
  writeCr3(value: number): GeneralProtection | undefined {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 52) {
      throw new RangeError(
        `Expected a CR3 value of 0 to 2^52 - 1 but found ${value}`,
      );
    }
    const width = this.cpu.longMode ? this.cpu.physicalBits : 32;
    if (value >= 2 ** width) return generalProtection(`CR3 has bits beyond ${width}`);
    if (this.#mode?.rootInRegisters) {
      const fault = this.#loadPdptes(value);
      if (fault) return fault;
    }
    this.#cr3 = value;
    this.tlb.flush(true);
    return undefined;
  }

  /**
   * MOV to CR4.
   *
   * @param value New value.
   * @returns #GP for a feature that the CPU lacks, for leaving PAE or changing LA57 in long mode, or for a bad PDPTE; else undefined.
   *
   * Source: Intel SDM vol. 3A, sections 2.5, 4.4.1 and 4.10.4.1: all translations go when PGE or PAE changes or SMEP is set.
   */
  writeCr4(value: number): GeneralProtection | undefined {
    const lacking = CR4_FEATURES.find(([bit, feature]) => (value & bit) !== 0 && this.cpu[feature] === false);
    if (lacking) {
      return generalProtection(
        `CR4 bit for ${lacking[1]}, which a ${this.cpu.name} does not have`,
      );
    }
    const changed = value ^ this.#cr4;
    const long = (this.#efer & EFER_LMA) !== 0;
    if (long && ((changed & CR4_LA57) !== 0 || (value & CR4_PAE) === 0)) {
      return generalProtection("CR4.PAE or CR4.LA57 changed in long mode");
    }
    const paging = (this.#cr0 & CR0_PG) !== 0;
    const reload = (changed & (CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP)) !== 0;
    if (paging && !long && (value & CR4_PAE) !== 0 && reload) {
      const fault = this.#loadPdptes(this.#cr3);
      if (fault) return fault;
    }
    this.#cr4 = value | 0;
    if (
      (changed & (CR4_PGE | CR4_PAE)) !== 0 ||
      (changed & value & CR4_SMEP) !== 0
    ) this.tlb.flush(false);
    this.#registersChanged();
    return undefined;
  }

  /**
   * WRMSR to EFER. No translation is flushed: what NX meant when an entry was cached stays until then.
   *
   * @param value New value; LMA is the CPU's own and kept.
   * @returns #GP for NXE or LME on a CPU without it, or for changing LME while paging; else undefined.
   */
  writeEfer(value: number): GeneralProtection | undefined {
    const { cpu } = this;
    if ((value & EFER_NXE) !== 0 && !cpu.nx) {
      return generalProtection(`EFER.NXE on a ${cpu.name}`);
    }
    if ((value & EFER_LME) !== 0 && !cpu.longMode) {
      return generalProtection(`EFER.LME on a ${cpu.name}`);
    }
    const paging = (this.#cr0 & CR0_PG) !== 0;
    if (paging && ((value ^ this.#efer) & EFER_LME) !== 0) {
      return generalProtection("EFER.LME changed while paging");
    }
    this.#efer = (value & ~EFER_LMA) | (this.#efer & EFER_LMA);
    this.#registersChanged();
    return undefined;
  }

  /**
   * WRPKRU.
   *
   * @param value Two bits a key: access-disable, write-disable.
   */
  writePkru(value: number): void {
    this.#pkru = value | 0;
    if (this.#mode !== undefined && keysInForce(this)) {
      this.allowed = permissionTable(this);
    }
  }

  /**
   * STAC and CLAC.
   *
   * @param value EFLAGS.AC.
   */
  writeAc(value: boolean): void {
    if (value === this.#ac) return;
    this.#ac = value;
    if ((this.#cr4 & CR4_SMAP) !== 0) this.allowed = permissionTable(this);
  }

  /**
   * WRMSR to the page attribute table. Flushes nothing: software must.
   *
   * @param pat Eight encodings of `MEMORY_TYPES`, entry 0 first.
   * @returns #GP for a reserved encoding or on a CPU without PAT; else undefined.
   * @throws {RangeError} If there are not eight.
   *
   * Source: Intel SDM vol. 3A, section 11.12.2 and table 11-10.
   */
  writePat(pat: readonly number[]): GeneralProtection | undefined {
    if (pat.length !== PAT_RESET.length) {
      throw new RangeError(`Expected eight PAT encodings but found ${pat.length}`);
    }
    if (!this.cpu.pat) return generalProtection(`PAT on a ${this.cpu.name}`);
    const reserved = pat.find((encoding) => MEMORY_TYPES[encoding] === undefined);
    if (reserved !== undefined) return generalProtection(`PAT encoding ${reserved} is reserved`);
    this.#pat = Object.freeze([...pat]);
    return undefined;
  }

  /**
   * Sets what the MTRRs say of all memory: a stub, firmware's usual choice at first.
   *
   * @param type The memory type.
   *
   * Source: Intel SDM vol. 3A, section 11.11.2.1 (default memory type).
   */
  writeMtrrType(type: MtrrType): void {
    this.#mtrrType = type;
  }

  /**
   * INVLPG: forgets the page of an address, global or not.
   *
   * @param address Linear address.
   */
  invlpg(address: Address): void {
    const { hi, lo } = toLinear(address);
    this.tlb.invalidate(hi | 0, lo | 0);
  }

  #loadPdptes(cr3: number): GeneralProtection | undefined {
    const frame = Math.floor(cr3 / 4096);
    const first = (cr3 % 4096) >>> 5 << 3;
    const reserved = pdpteReserved(this.cpu);
    const loaded = Array.from(
      { length: 8 },
      (_, word) => this.memory.read(frame, first + word),
    );
    for (let i = 0; i < 8; i += 2) {
      const lo = loaded[i] ?? 0;
      if (
        (lo & P) !== 0 &&
        ((lo & reserved.lo) | ((loaded[i + 1] ?? 0) & reserved.hi)) !== 0
      ) {
        return generalProtection(`PDPTE ${i / 2} has a reserved bit set`);
      }
    }
    this.pdptes.set(loaded);
    return undefined;
  }

  #registersChanged(): void {
    const paging = (this.#cr0 & CR0_PG) !== 0;
    this.#mode = paging ? selectMode(this.#cr4, this.#efer) : undefined;
    if (this.#mode === undefined) return;
    this.walker = new Walker({
      cpu: this.cpu,
      mode: this.#mode,
      cr4: this.#cr4,
      efer: this.#efer,
    });
    this.allowed = permissionTable(this);
  }
}

/**
 * The paging mode that the registers select once CR0.PG is set.
 *
 * @param cr4 PAE and LA57 matter.
 * @param efer LMA (or LME before paging) matters.
 * @returns The mode.
 */
export function selectMode(cr4: number, efer: number): Mode {
  if ((efer & EFER_LMA) !== 0) {
    return (cr4 & CR4_LA57) !== 0 ? MODES["5-level"] : MODES["4-level"];
  }
  return (cr4 & CR4_PAE) !== 0 ? MODES.pae : MODES["two-level"];
}
