/**
 * Changes of the first page tables after `paging_init`: the test of CR0.WP, and the removal of the low mappings.
 *
 * @module
 */

import { A, P, US } from "../mmu/mod.ts";
import { Stopped } from "../paravirt/stop.ts";
import { aKernel, type Kernel } from "./kernel.ts";
import { fixToVirt } from "./layout.ts";

/** `PAGE_READONLY`: present, user, accessed. */
const PAGE_READONLY = P | US | A;

/**
 * `test_wp_bit`: maps `swapper_pg_dir` read-only in a fixmap slot and stores to it; the fault must come, or CR0.WP does not work (trap T29).
 *
 * By now `trap_init` has run: the fault is expected and handled.
 *
 * @param kernel The kernel, on its own tables.
 * @throws {Stopped} If the store goes through, or the slot cannot be mapped.
 *
 * Source: Linux 2.6.22 arch/i386/mm/init.c.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { testWpBit } from "@pagetable-init/textbook/kernel";
 * import { Stopped } from "@pagetable-init/textbook/paravirt";
 *
 * const { kernel } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * testWpBit(kernel); // as boot has done before: the slot is empty again afterwards
 * kernel.ops.setPte = () => {};
 * assertThrows(() => testWpBit(kernel), Stopped, "a fixmap slot cannot be read");
 * ```
 */
export function testWpBit(kernel: Kernel): void {
  aKernel(kernel, "kernel");
  const address = fixToVirt(kernel.layout, kernel.layout.fixmap.wpTest);
  const entry = kernel.lookupAddress(address);
  if (entry === undefined) throw new Stopped({ kind: "kernel-bug", message: "the fixmap has no page table" });
  kernel.setPte(entry, kernel.image.swapperPgDir, PAGE_READONLY, kernel.features.nx);
  kernel.ops.flushTlbSingle(address);
  if (!kernel.bus.probe(address)) throw new Stopped({ kind: "kernel-bug", message: "a fixmap slot cannot be read" });
  if (kernel.bus.probe(address, true)) {
    throw new Stopped({ kind: "kernel-bug", message: "this CPU does not honour CR0.WP" });
  }
  kernel.clearPte(entry);
  kernel.ops.flushTlbSingle(address);
}

/**
 * `zap_low_mappings`: removes the mappings below PAGE_OFFSET. A PAE kernel points its first three pgd entries at the zero page, as an empty
 * directory (trap T15); a two-level kernel clears its entries. Long mode has no mappings there.
 *
 * It cannot use `pgd_clear`, which does nothing on i386 (trap T25).
 *
 * @param kernel The kernel, on its own tables.
 * @throws {Stopped} If an operation is refused.
 *
 * Source: Linux 2.6.22 arch/i386/mm/init.c.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { access, boot } from "@pagetable-init/textbook";
 * import { zapLowMappings } from "@pagetable-init/textbook/kernel";
 *
 * const { machine, kernel } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * machine.memory.write(kernel.image.swapperPgDir, 0, 0xe3); // a 4M page at 0 again
 * zapLowMappings(kernel);
 * assertEquals(access(machine, 0, "read").ok, false);
 * ```
 */
export function zapLowMappings(kernel: Kernel): void {
  aKernel(kernel, "kernel");
  const { layout, mode, ops, image } = kernel;
  const base = kernel.va(image.swapperPgDir);
  if (mode.linearBits > 32) return;
  const root = mode.levels[0];
  const below = root === undefined ? 0 : layout.pageOffset >>> root.shift;
  for (let slot = 0; slot < below; slot++) {
    const entry = base + slot * 4 * mode.entryWords;
    if (mode.rootInRegisters) kernel.setPud(entry, image.emptyZeroPage, P);
    else kernel.clearPmd(entry);
  }
  ops.flushTlbAll();
}
