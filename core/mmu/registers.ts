/**
 * Writes to the control registers, with their effects on the CPU: checks, loads of the PDPTEs, flushes.
 *
 * @module
 */

import { wholeNumber } from "../check.ts";
import { type Address, toLinear } from "./address.ts";
import { CR0_CD, CR0_NW, CR0_PG, CR4_PAE, CR4_PCIDE, CR4_PGE, CR4_PSE, CR4_SMEP, EFER_LMA, EFER_LME } from "./bits.ts";
import type { GeneralProtection } from "./faults.ts";
import { RegisterFile } from "./register_file.ts";
import { cr0Fault, cr3Fault, cr3Keep, cr3Value, cr4Fault, eferFault, pdptesAt } from "./register_rules.ts";

const CR0_CD_NW_PG: number = CR0_CD | CR0_NW | CR0_PG;
/** CR4 bits whose change loads the PDPTEs of PAE. */
const CR4_LOADS_PDPTES: number = CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP;

/**
 * The registers of one CPU that paging reads, its TLB, and the memory behind them.
 *
 * Each `write…` method is the instruction: it does what the CPU does at that moment and returns #GP as a value, with nothing changed.
 * Registers are unsigned 32-bit numbers, but CR3, a number below 2^52. A `Machine` is one of these.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, CR4_SMEP, Machine, PhysicalMemory } from "@pagetable-init/textbook/mmu";
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
export class Registers extends RegisterFile {
  /**
   * MOV to CR0. Setting PG enters the mode that CR4 and EFER select; clearing it flushes the TLB. A 32-bit mode ignores bits 63..32
   * of CR3: here it drops them.
   *
   * @param value New value.
   * @returns #GP for PG without PE, NW without CD, PG with a bad PDPTE, PG with LME but no PAE, or leaving paging with CR4.PCIDE; else undefined.
   *
   * Source: Intel SDM vol. 3A, sections 2.5, 4.1.2, 4.4.1, 4.10.4.1.
   */
  writeCr0(value: number): GeneralProtection | undefined {
    wholeNumber(value, "value");
    const refused = cr0Fault(value, this);
    if (refused) return refused;
    const changed = value ^ this.now.cr0;
    const paging = (value & CR0_PG) !== 0;
    const long = paging && (this.now.efer & EFER_LME) !== 0;
    const root = long || !paging ? this.now.cr3 : this.now.cr3 % 2 ** 32; // 32-bit modes ignore bits 63..32
    if (paging && !long && (this.now.cr4 & CR4_PAE) !== 0 && (changed & CR0_CD_NW_PG) !== 0) {
      const fault = this.#loadPdptes(root);
      if (fault) return fault;
    }
    this.now.cr3 = root;
    this.now.cr0 = value | 0;
    if ((changed & CR0_PG) !== 0) {
      this.now.efer = long ? this.now.efer | EFER_LMA : this.now.efer & ~EFER_LMA;
      if (!paging) this.tlb.flush(false);
    }
    this.registersChanged();
    return undefined;
  }

  /**
   * MOV to CR3. Flushes all but global translations; in PAE mode loads and checks the PDPTEs.
   *
   * With CR4.PCIDE the low twelve bits are the PCID, and bit 63 asks for no flush. This TLB does not tell PCIDs apart: it keeps what it
   * holds if the PCID stays, and forgets all but global translations if it changes, as a CPU may at any time.
   *
   * @param value Physical address of the root table; the low bits are kept. As a number or a bigint, since bit 63 does not fit the former with others.
   * @returns #GP for bits beyond the physical width (beyond 32 in a 32-bit mode and without long mode), for bit 63 without CR4.PCIDE, or for
   * a PDPTE with a reserved bit; nothing is changed then. Else undefined.
   * @throws {RangeError} If the value is negative, fractional or has more than 64 bits.
   *
   * Source: Intel SDM vol. 3A, sections 4.4.1, 4.5 (table 4-12), 4.10.1 and 4.10.4.1.
   */
  writeCr3(value: number | bigint): GeneralProtection | undefined {
    const { root, keep } = cr3Value(value);
    const pcide = (this.now.cr4 & CR4_PCIDE) !== 0;
    const refused = keep && !pcide ? cr3Keep() : cr3Fault(root, this.cpu, this.current);
    if (refused) return refused;
    if (this.current?.rootInRegisters) {
      const fault = this.#loadPdptes(root);
      if (fault) return fault;
    }
    const samePcid = root % 4096 === this.now.cr3 % 4096;
    this.now.cr3 = root;
    if (!keep || !samePcid) this.tlb.flush(true);
    return undefined;
  }

  /**
   * MOV to CR4.
   *
   * @param value New value.
   * @returns #GP for a reserved bit or a feature that the CPU lacks, for leaving PAE or changing LA57 in long mode, for setting PCIDE outside
   * long mode or while CR3 has a PCID, or for a bad PDPTE; else undefined.
   *
   * Source: Intel SDM vol. 3A, sections 2.5, 4.4.1, 4.10.1 and 4.10.4.1: all translations go when PGE or PAE changes, SMEP is set or PCIDE cleared.
   */
  writeCr4(value: number): GeneralProtection | undefined {
    wholeNumber(value, "value");
    const refused = cr4Fault(value, this, this.cpu);
    if (refused) return refused;
    const changed = value ^ this.now.cr4;
    const legacyPaging = (this.now.cr0 & CR0_PG) !== 0 && (this.now.efer & EFER_LMA) === 0;
    if (legacyPaging && (value & CR4_PAE) !== 0 && (changed & CR4_LOADS_PDPTES) !== 0) {
      const fault = this.#loadPdptes(this.now.cr3);
      if (fault) return fault;
    }
    this.now.cr4 = value | 0;
    if (
      (changed & (CR4_PGE | CR4_PAE)) !== 0 || (changed & ~value & CR4_PCIDE) !== 0 ||
      (changed & value & CR4_SMEP) !== 0
    ) this.tlb.flush(false);
    this.registersChanged();
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
    this.now.efer = (value & ~EFER_LMA) | (this.now.efer & EFER_LMA);
    this.registersChanged();
    return undefined;
  }

  /**
   * INVLPG: drops the translation of an address, for any page size, global or not.
   *
   * @param address Linear address anywhere in the page.
   * @throws {RangeError} If the address cannot be read (see `toLinear`).
   *
   * Source: Intel SDM vol. 3A, section 4.10.4.1.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook/mmu";
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

  #loadPdptes(cr3: number): GeneralProtection | undefined {
    const loaded = pdptesAt(this.memory, cr3, this.cpu);
    if ("vector" in loaded) return loaded;
    this.pdptes.set(loaded);
    return undefined;
  }
}
