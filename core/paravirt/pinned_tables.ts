/**
 * The page tables of a kernel's own root: the pages that `xen_mark_init_mm_pinned` marks.
 *
 * @module
 */

import { frameOf } from "../mmu/entry.ts";
import { P } from "../mmu/mod.ts";
import type { Hypervisor } from "../xen/mod.ts";
import type { KernelServices } from "./ops.ts";

/**
 * The pfns of all tables below `init_mm.pgd`, that of the root first. Xen's slots are left out, as the kernel's walk ends at FIXADDR_TOP.
 *
 * @param xen The hypervisor: its rules say which slots of a table are Xen's.
 * @param kernel The kernel. It reads its tables through its own memory.
 * @returns The pfns, in the order of addresses. A table that two entries share comes twice.
 *
 * Source: Linux 2.6.23 arch/i386/xen/mmu.c, `pgd_walk`.
 */
export function* pinnedTables(xen: Hypervisor, kernel: KernelServices): Generator<number> {
  const { levels } = xen.domain;
  yield* tablesIn(xen, kernel, kernel.pfnOf(kernel.initMmPgd), levels.length, false);
}

function* tablesIn(
  xen: Hypervisor,
  kernel: KernelServices,
  pfn: number,
  depth: number,
  paeXenL2: boolean,
): Generator<number> {
  yield pfn;
  if (depth === 1) return;
  const { bus } = kernel;
  const rules = xen.domain.rulesOf(depth);
  const address = kernel.pageOffset + pfn * 4096;
  for (let slot = 0; slot < rules.entries; slot++) {
    if (rules.isPrivate(slot, paeXenL2)) continue;
    const entry = address + slot * 4 * bus.entryWords;
    const lo = bus.load(entry);
    if ((lo & P) === 0) continue;
    const table = xen.domain.m2p[frameOf(bus.entryWords === 2 ? bus.load(entry + 4) : 0, lo)];
    if (table !== undefined && table >= 0) yield* tablesIn(xen, kernel, table, depth - 1, depth === 3 && slot === 3);
  }
}
