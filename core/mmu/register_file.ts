/**
 * The registers of one CPU that paging reads. The simple ones are written here: they affect only rights and memory types.
 *
 * @module
 */

import { checkArguments, flag, instance, list, oneOf, wholeNumber } from "../check.ts";
import { CR0_PG, CR4_SMAP } from "./bits.ts";
import { type Cpu, cpuShape } from "./cpus.ts";
import type { Paging } from "./explanation.ts";
import type { GeneralProtection } from "./faults.ts";
import { PhysicalMemory } from "./memory.ts";
import { type MtrrType, PAT_RESET } from "./memory_type.ts";
import type { Mode } from "./modes.ts";
import { keysInForce, permissionTable } from "./permissions.ts";
import { patFault, selectMode } from "./register_rules.ts";
import type { RegisterSnapshot, RegisterValues } from "./snapshot.ts";
import { Tlb } from "./tlb.ts";
import { Walker } from "./walk.ts";

/**
 * The registers of one CPU, its TLB, and the memory behind them. The control registers are written by `Registers`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * assertEquals(machine.mode?.id, "two-level");
 * ```
 */
export class RegisterFile implements Paging {
  /** The CPU. */
  readonly cpu: Cpu;
  /** Physical memory. */
  readonly memory: PhysicalMemory;
  /** The TLB of this CPU. */
  readonly tlb: Tlb = new Tlb();
  /** The PDPTE registers of PAE: low and high word of each. They are not memory. */
  readonly pdptes: Int32Array = new Int32Array(8);
  /** Address of the last page fault: high and low word. */
  readonly cr2: Uint32Array = new Uint32Array(2);

  /** The registers that software writes as a whole. */
  protected readonly now: { -readonly [name in keyof RegisterValues]: RegisterValues[name] } = {
    cr0: 0x11,
    cr3: 0,
    cr4: 0,
    efer: 0,
    pkru: 0,
    ac: false,
    pat: PAT_RESET,
    mtrrType: "WB",
  };
  /** The mode that they select. */
  protected current: Mode | undefined = undefined;
  /**
   * The fast walker for the present registers; undefined while paging is off.
   *
   * @internal
   */
  protected walker: Walker | undefined = undefined;
  /** Which accesses each byte of rights allows (`permissionTable`). */
  protected allowed: Uint8Array = new Uint8Array(256);

  /**
   * A CPU after reset: paging off, CR4 and EFER zero, the TLB empty.
   *
   * @param cpu Features and address widths; see `CPUS`.
   * @param memory Physical memory.
   */
  constructor(cpu: Cpu, memory: PhysicalMemory) {
    checkArguments({ cpu: cpuShape, memory: instance(PhysicalMemory, "physical memory") }, [cpu, memory]);
    this.cpu = cpu;
    this.memory = memory;
  }

  /** CR0. */
  get cr0(): number {
    return this.now.cr0 >>> 0;
  }
  /** CR3: physical address of the root with its low bits; below 2^52. */
  get cr3(): number {
    return this.now.cr3;
  }
  /** CR4. */
  get cr4(): number {
    return this.now.cr4;
  }
  /** EFER. */
  get efer(): number {
    return this.now.efer;
  }
  /** Page attribute table, eight encodings, entry 0 first. */
  get pat(): readonly number[] {
    return this.now.pat;
  }
  /** The memory type that the MTRRs give all of memory. */
  get mtrrType(): MtrrType {
    return this.now.mtrrType;
  }
  /** PKRU. */
  get pkru(): number {
    return this.now.pkru >>> 0;
  }
  /** EFLAGS.AC. */
  get ac(): boolean {
    return this.now.ac;
  }
  /** The paging mode that the registers select; undefined while paging is off. */
  get mode(): Mode | undefined {
    return this.current;
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
    this.now.pkru = value | 0;
    if (this.current !== undefined && keysInForce(this)) {
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
    if (value === this.now.ac) return;
    this.now.ac = value;
    if ((this.now.cr4 & CR4_SMAP) !== 0) this.allowed = permissionTable(this);
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
    list(wholeNumber, PAT_RESET.length)(pat, "pat");
    const refused = patFault(pat, this.cpu);
    if (refused) return refused;
    this.now.pat = Object.freeze([...pat]);
    return undefined;
  }

  /**
   * Sets the MTRR type of all memory, write-back at first. This is a stub: real MTRRs give each range a type.
   *
   * @param type The memory type.
   *
   * Source: Intel SDM vol. 3A, section 11.11.2.1 (default memory type).
   */
  writeMtrrType(type: MtrrType): void {
    oneOf("UC", "WC", "WT", "WP", "WB")(type, "type");
    this.now.mtrrType = type;
  }

  /** A copy of all registers. */
  protected registers(): RegisterSnapshot {
    return Object.freeze({ ...this.now, cr2: [...this.cr2], pdptes: [...this.pdptes] });
  }

  /** Puts all registers back. Checks, loads and flushes nothing. */
  protected putBack({ cr2, pdptes, ...values }: RegisterSnapshot): void {
    Object.assign(this.now, values);
    this.cr2.set(cr2);
    this.pdptes.set(pdptes);
    this.registersChanged();
  }

  /** Selects mode, walker and permission table for the present registers. */
  protected registersChanged(): void {
    const paging = (this.now.cr0 & CR0_PG) !== 0;
    this.current = paging ? selectMode(this.now.cr4, this.now.efer) : undefined;
    if (this.current === undefined) return;
    this.walker = new Walker({
      cpu: this.cpu,
      mode: this.current,
      cr4: this.now.cr4,
      efer: this.now.efer,
    });
    this.allowed = permissionTable(this);
  }
}
