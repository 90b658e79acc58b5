/**
 * A hypervisor behind VMI: the kernel announces every page to it before the page is used as a table.
 *
 * @module
 */

import { type Check, checkFrame, instance, integer } from "../check.ts";
import { aMachine } from "../mmu/machine.ts";
import { frameOf, type Machine, P, PS } from "../mmu/mod.ts";

/**
 * The part of a VMI hypervisor that matters to the debate: the announced pages and their levels.
 *
 * The announced root already has entries (head.S built it), so the tables below it count as announced; that detail is our inference.
 *
 * Source: Linux 2.6.21 arch/i386/kernel/vmi.c: AllocatePage, SetPxE.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 * import { VmiHost } from "@pagetable-init/textbook/hosts";
 *
 * const host = new VmiHost(new Machine(CPUS.pentium, new PhysicalMemory(1 << 24)));
 * host.allocatePage(0x500, 1);
 * assertEquals([host.setPxE(0x500, 1), host.setPxE(0x501, 1)], [true, false]);
 * ```
 */
export class VmiHost {
  /** Calls of the guest to the hypervisor so far. */
  hypercalls = 0;
  readonly #machine: Machine;
  readonly #levels = new Map<number, 1 | 2>();

  /**
   * A host without announced pages.
   *
   * @param machine The CPU; its tables stay the guest's own.
   */
  constructor(machine: Machine) {
    aMachine(machine, "machine");
    this.#machine = machine;
  }

  /**
   * AllocatePage: this page is about to be a table.
   *
   * @param pfn The page.
   * @param level 1 for leaves, 2 for a directory.
   */
  allocatePage(pfn: number, level: 1 | 2): void {
    checkFrame(pfn, "pfn");
    LEVEL(level, "level");
    this.hypercalls++;
    this.#levels.set(pfn, level);
    if (level === 1) return;
    for (let index = 0; index < 1024; index++) {
      const pde = this.#machine.memory.read(pfn, index);
      if ((pde & (P | PS)) === P) this.#levels.set(frameOf(0, pde), 1);
    }
  }

  /**
   * SetPxE: one entry.
   *
   * @param pfn Page of the table.
   * @param level The entry's level.
   * @returns Whether the page was announced at that level.
   */
  setPxE(pfn: number, level: 1 | 2): boolean {
    checkFrame(pfn, "pfn");
    LEVEL(level, "level");
    this.hypercalls++;
    return this.#levels.get(pfn) === level;
  }
}

const LEVEL = integer(1, 2);

/** The check of a host of VMI. */
export const aVmiHost: Check = instance(VmiHost, "a VmiHost");
