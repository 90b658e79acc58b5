/**
 * The CPU features that a guest sees.
 *
 * @module
 */

import { cpuShape } from "../mmu/cpus.ts";
import type { Cpu } from "../mmu/mod.ts";

/**
 * The CPU as a paravirtual guest sees it: without 4M and 2M pages, and without global pages (trap T14). NX stays.
 *
 * Xen 3.1 clears VME, DE, PSE, PGE and SEP in leaf 1 of the emulated cpuid; of these PSE and PGE matter for page tables. SMEP, SMAP and protection keys
 * are features of ring 0, and the guest's kernel does not run there; releases that know these features hide them.
 *
 * @param cpu The CPU of the machine.
 * @returns The CPU as cpuid describes it inside a domain.
 *
 * Source: Xen 3.1, arch/x86/traps.c, `emulate_forced_invalid_op`.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { CPUS } from "@pagetable-init/textbook";
 * import { guestCpu } from "@pagetable-init/textbook/xen";
 *
 * const seen = guestCpu(CPUS.k8);
 * assertEquals([seen.pse, seen.pge], [false, false]);
 * assert(seen.nx && seen.pae);
 * ```
 */
export function guestCpu(cpu: Cpu): Cpu {
  cpuShape(cpu, "cpu");
  return Object.freeze({
    ...cpu,
    pse: false,
    pse36: false,
    pge: false,
    gigabytePages: false,
    smep: false,
    smap: false,
    pku: false,
    la57: false,
  });
}
