/**
 * Control registers, and what the CPU does when one is written: check, load PDPTEs, flush.
 *
 * @module
 */

import { checkArguments, flag, instance, list, number, oneOf, wholeNumber } from "../check.ts";
import { type Address, toLinear } from "./address.ts";
import { CR0_CD, CR0_NW, CR0_PG, CR4_PAE, CR4_PGE, CR4_PSE, CR4_SMAP, CR4_SMEP, EFER_LMA, EFER_LME } from "./bits.ts";
import { type Cpu, cpuShape } from "./cpus.ts";
import type { Paging } from "./explanation.ts";
import type { GeneralProtection } from "./faults.ts";
import { PhysicalMemory } from "./memory.ts";
import { type MtrrType, PAT_RESET } from "./memory_type.ts";
import type { Mode } from "./modes.ts";
import { keysInForce, permissionTable } from "./permissions.ts";
import type { RegisterSnapshot, RegisterValues } from "./snapshot.ts";
import { cr0Fault, cr3Fault, cr4Fault, eferFault, patFault, pdptesAt, selectMode } from "./register_rules.ts";
import { Tlb } from "./tlb.ts";
import { Walker } from "./walk.ts";

const CR0_CD_NW_PG: number = CR0_CD | CR0_NW | CR0_PG;
/** CR4 bits whose change loads the PDPTEs of PAE. */
const CR4_LOADS_PDPTES: number = CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP;

/**
 * The registers of one CPU that paging reads, its TLB, and the memory behind them.
 *
 * Each `write…` method is the instruction: it does what the CPU does at that moment and returns #GP as a value, with nothing changed.
 * Registers are signed 32-bit numbers, but CR3, a number below 2^52. A `Machine` is one of these.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, CR4_SMEP, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 *
 * const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
 * assertEquals(machine.writeCr4(CR4_SMEP)?.vector, 13); // no SMEP in 2007
 * machine.writeCr4(0x20); // PAE
 * machine.writeEfer(0x900); // LME, NXE
 * machine.writeCr3(0x1000);
 * assertEquals(machine.writeCr0(0x8001_0011), undefined);
 * assertEquals(machine.mode?.id, "4-level");
 * ```
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

  readonly #now: { -readonly [name in keyof RegisterValues]: RegisterValues[name] } = {
    cr0: 0x11,
    cr3: 0,
    cr4: 0,
    efer: 0,
    pkru: 0,
    ac: false,
    pat: PAT_RESET,
    mtrrType: "WB",
  };
  #mode: Mode | undefined = undefined;
  /**
   * The fast walker for the registers as they are; undefined while paging is off.
   *
   * @internal
   */
  protected walker: Walker | undefined = undefined;
  /** Which accesses each byte of rights allows (`permissionTable`). */
  protected allowed: Uint8Array = new Uint8Array(256);

  /**
   * A CPU after reset: paging off, CR4 and EFER zero, the TLB empty.
   *
   * @param cpu What the CPU has; see `CPUS`.
   * @param memory Physical memory.
   */
  constructor(cpu: Cpu, memory: PhysicalMemory) {
    checkArguments({ cpu: cpuShape, memory: instance(PhysicalMemory, "physical memory") }, [cpu, memory]);
    this.cpu = cpu;
    this.memory = memory;
  }

  /** CR0, signed. */
  get cr0(): number {
    return this.#now.cr0;
  }
  /** CR3: physical address of the root with its low bits; below 2^52. */
  get cr3(): number {
    return this.#now.cr3;
  }
  /** CR4. */
  get cr4(): number {
    return this.#now.cr4;
  }
  /** EFER. */
  get efer(): number {
    return this.#now.efer;
  }
  /** Page attribute table, eight encodings, entry 0 first. */
  get pat(): readonly number[] {
    return this.#now.pat;
  }
  /** The memory type that the MTRRs give all of memory. */
  get mtrrType(): MtrrType {
    return this.#now.mtrrType;
  }
  /** PKRU. */
  get pkru(): number {
    return this.#now.pkru;
  }
  /** EFLAGS.AC. */
  get ac(): boolean {
    return this.#now.ac;
  }
  /** The paging mode that the registers select; undefined while paging is off. */
  get mode(): Mode | undefined {
    return this.#mode;
  }

  /**
   * MOV to CR0. Setting PG enters the mode that CR4 and EFER select; clearing it flushes the TLB. A 32-bit mode ignores bits 63..32
   * of CR3: here it drops them.
   *
   * @param value New value.
   * @returns #GP for PG without PE, NW without CD, PG with a bad PDPTE, or PG with LME but no PAE; else undefined.
   *
   * Source: Intel SDM vol. 3A, sections 2.5, 4.1.2, 4.4.1, 4.10.4.1.
   */
  writeCr0(value: number): GeneralProtection | undefined {
    wholeNumber(value, "value");
    const refused = cr0Fault(value, this);
    if (refused) return refused;
    const changed = value ^ this.#now.cr0;
    const paging = (value & CR0_PG) !== 0;
    const long = paging && (this.#now.efer & EFER_LME) !== 0;
    const root = long || !paging ? this.#now.cr3 : this.#now.cr3 % 2 ** 32; // 32-bit modes ignore bits 63..32
    if (paging && !long && (this.#now.cr4 & CR4_PAE) !== 0 && (changed & CR0_CD_NW_PG) !== 0) {
      const fault = this.#loadPdptes(root);
      if (fault) return fault;
    }
    this.#now.cr3 = root;
    this.#now.cr0 = value | 0;
    if ((changed & CR0_PG) !== 0) {
      this.#now.efer = long ? this.#now.efer | EFER_LMA : this.#now.efer & ~EFER_LMA;
      if (!paging) this.tlb.flush(false);
    }
    this.#registersChanged();
    return undefined;
  }

  /**
   * MOV to CR3. Flushes all but global translations; in PAE mode loads and checks the PDPTEs.
   *
   * @param value Physical address of the root table; the low bits are kept.
   * @returns #GP for bits beyond the physical width (beyond 32 in a 32-bit mode and without long mode) or for a PDPTE with a reserved bit;
   * nothing is changed then. Else undefined.
   * @throws {RangeError} If the value is negative, fractional or 2^52 and above.
   *
   * Source: Intel SDM vol. 3A, sections 4.4.1, 4.5 (table 4-12) and 4.10.4.1.
   */
  writeCr3(value: number): GeneralProtection | undefined {
    number(value, "value");
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 52) {
      throw new RangeError(
        `Expected a CR3 value of 0 to 2^52 - 1 but found ${value}`,
      );
    }
    const refused = cr3Fault(value, this.cpu, this.#mode);
    if (refused) return refused;
    if (this.#mode?.rootInRegisters) {
      const fault = this.#loadPdptes(value);
      if (fault) return fault;
    }
    this.#now.cr3 = value;
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
    wholeNumber(value, "value");
    const refused = cr4Fault(value, this, this.cpu);
    if (refused) return refused;
    const changed = value ^ this.#now.cr4;
    const legacyPaging = (this.#now.cr0 & CR0_PG) !== 0 && (this.#now.efer & EFER_LMA) === 0;
    if (legacyPaging && (value & CR4_PAE) !== 0 && (changed & CR4_LOADS_PDPTES) !== 0) {
      const fault = this.#loadPdptes(this.#now.cr3);
      if (fault) return fault;
    }
    this.#now.cr4 = value | 0;
    if ((changed & (CR4_PGE | CR4_PAE)) !== 0 || (changed & value & CR4_SMEP) !== 0) this.tlb.flush(false);
    this.#registersChanged();
    return undefined;
  }

  /**
   * WRMSR to EFER. No translation is flushed: what NX meant when an entry was cached stays until then.
   *
   * @param value New value; LMA is the CPU's own and kept.
   * @returns #GP for NXE or LME on a CPU without it, or for changing LME while paging; else undefined.
   *
   * Source: Intel SDM vol. 3A, sections 2.2.1 and 4.1.2; section 4.10.4.1 does not name EFER among what flushes.
   */
  writeEfer(value: number): GeneralProtection | undefined {
    wholeNumber(value, "value");
    const refused = eferFault(value, this, this.cpu);
    if (refused) return refused;
    this.#now.efer = (value & ~EFER_LMA) | (this.#now.efer & EFER_LMA);
    this.#registersChanged();
    return undefined;
  }

  /**
   * WRPKRU. Works at once, without a flush.
   *
   * @param value Two bits a key, key 0 lowest: access-disable (bit 0 of each pair), write-disable.
   *
   * Source: Intel SDM vol. 3A, section 4.6.2.
   */
  writePkru(value: number): void {
    wholeNumber(value, "value");
    this.#now.pkru = value | 0;
    if (this.#mode !== undefined && keysInForce(this)) {
      this.allowed = permissionTable(this);
    }
  }

  /**
   * STAC and CLAC. Works at once, without a flush.
   *
   * @param value EFLAGS.AC: set, it suspends SMAP.
   *
   * Source: Intel SDM vol. 3A, section 4.6.1.
   */
  writeAc(value: boolean): void {
    flag(value, "value");
    if (value === this.#now.ac) return;
    this.#now.ac = value;
    if ((this.#now.cr4 & CR4_SMAP) !== 0) this.allowed = permissionTable(this);
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
    list(wholeNumber)(pat, "pat");
    if (pat.length !== PAT_RESET.length) {
      throw new RangeError(`Expected eight PAT encodings but found ${pat.length}`);
    }
    const refused = patFault(pat, this.cpu);
    if (refused) return refused;
    this.#now.pat = Object.freeze([...pat]);
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
    oneOf("UC", "WC", "WT", "WP", "WB")(type, "type");
    this.#now.mtrrType = type;
  }

  /**
   * INVLPG: forgets the page of an address, of whatever size, global or not.
   *
   * @param address Linear address anywhere in the page.
   * @throws {RangeError} If the address cannot be read (see `toLinear`).
   *
   * Source: Intel SDM vol. 3A, section 4.10.4.1.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
   *
   * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
   * machine.memory.write(0x1, 0, 0x2067); // pde 0 -> table in frame 2
   * machine.memory.write(0x2, 3, 0x5067); // pte 3 -> frame 5
   * machine.writeCr3(0x1000);
   * machine.writeCr0(0x8001_0011);
   * assertEquals(machine.translate(0, 0x3000, 0), 5);
   * machine.memory.write(0x2, 3, 0x6067); // remapped, but nobody told the TLB
   * assertEquals(machine.translate(0, 0x3000, 0), 5);
   * machine.invlpg(0x3000);
   * assertEquals(machine.translate(0, 0x3000, 0), 6);
   * ```
   */
  invlpg(address: Address): void {
    const { hi, lo } = toLinear(address);
    this.tlb.invalidate(hi | 0, lo | 0);
  }

  /** All registers, as they are now. */
  protected registers(): RegisterSnapshot {
    return Object.freeze({ ...this.#now, cr2: [...this.cr2], pdptes: [...this.pdptes] });
  }

  /** Puts all registers back: nothing is checked, loaded or flushed. */
  protected putBack({ cr2, pdptes, ...values }: RegisterSnapshot): void {
    Object.assign(this.#now, values);
    this.cr2.set(cr2);
    this.pdptes.set(pdptes);
    this.#registersChanged();
  }

  #loadPdptes(cr3: number): GeneralProtection | undefined {
    const loaded = pdptesAt(this.memory, cr3, this.cpu);
    if ("vector" in loaded) return loaded;
    this.pdptes.set(loaded);
    return undefined;
  }

  #registersChanged(): void {
    const paging = (this.#now.cr0 & CR0_PG) !== 0;
    this.#mode = paging ? selectMode(this.#now.cr4, this.#now.efer) : undefined;
    if (this.#mode === undefined) return;
    this.walker = new Walker({
      cpu: this.cpu,
      mode: this.#mode,
      cr4: this.#now.cr4,
      efer: this.#now.efer,
    });
    this.allowed = permissionTable(this);
  }
}
