/**
 * The table builders of `pagetable_init`: one table at a time, the alloc hook first, the link second (trap T6).
 *
 * @module
 */

import { A, D, frameOf, indexAt, type Level, P, RW, US } from "../mmu/mod.ts";
import type { Kernel } from "./kernel.ts";

/** `_PAGE_TABLE`: flags of an entry that points to a table. */
export const PAGE_TABLE: number = P | RW | US | A | D;

/**
 * Linear address of the entry for an address, one level above the 4K leaves (the pmd entry), with all tables above it in place.
 *
 * @param kernel The kernel.
 * @param base Linear address of the root table.
 * @param address Low word of the address to be mapped.
 * @returns Linear address of the pmd entry.
 * @throws {Stopped} If an operation or store is refused.
 *
 * Source: Linux 2.6.22 arch/i386/mm/init.c, `one_md_table_init` and its callers.
 */
export function pmdEntry(kernel: Kernel, base: number, address: number): number {
  const { levels } = kernel.mode;
  let table = base;
  for (const level of levels.slice(0, -2)) {
    table = oneMdTableInit(kernel, level, entryAt(kernel, level, table, address));
  }
  return entryAt(kernel, levels[levels.length - 2] as Level, table, address);
}

/**
 * `one_md_table_init`: the table of a higher level that an entry points to; allocated, announced and linked if there is none.
 *
 * A PDPTE of PAE may have P only (trap T4): a level whose entries carry no rights gets no other flag.
 */
function oneMdTableInit(kernel: Kernel, level: Level, entry: number): number {
  if (kernel.present(entry) && !needsNewPmd(kernel, entry)) return kernel.tableAt(entry);
  const { address, pfn } = announced(kernel, entry, (pfn) => kernel.ops.allocPd(pfn));
  kernel.setPud(address, pfn, level.rights ? PAGE_TABLE : P);
  return kernel.tableAt(address);
}

/** 2.6.21 gave every pgd entry a new pmd page. An entry that no longer points to the zero page already has its own. */
function needsNewPmd(kernel: Kernel, entry: number): boolean {
  const { release, ops, image } = kernel;
  return release.alwaysNewPmd && kernel.mode.rootInRegisters &&
    ops.toPfn(frameOf(0, kernel.bus.load(entry))) === image.emptyZeroPage;
}

/**
 * `one_page_table_init`: the last-level table that a pmd entry points to; allocated, announced and linked if there is none.
 *
 * @param kernel The kernel.
 * @param pmd Linear address of the pmd entry.
 * @returns Linear address of the table.
 * @throws {Stopped} If an operation or store is refused.
 *
 * Source: Linux 2.6.22 arch/i386/mm/init.c.
 */
export function onePageTableInit(kernel: Kernel, pmd: number): number {
  if (kernel.present(pmd)) return kernel.tableAt(pmd);
  const entry = announced(kernel, pmd, (pfn) => kernel.ops.allocPt(pfn));
  kernel.setPmd(entry.address, entry.pfn, PAGE_TABLE, false);
  return kernel.tableAt(entry.address);
}

/** Takes a page, announces it, and then looks the entry up again, because both steps may have moved the borrowed leaf that shows it. */
function announced(kernel: Kernel, entry: number, announce: (pfn: number) => void): { address: number; pfn: number } {
  const table = kernel.pfnOf(entry);
  const pfn = kernel.allocTablePage();
  announce(pfn);
  return { address: kernel.reach(table) + (entry & 0xfff), pfn };
}

/**
 * Linear address of the entry for an address in one table.
 *
 * @param kernel The kernel.
 * @param level The table's level.
 * @param table Linear address of the table.
 * @param address Low word of the address looked for.
 * @returns Linear address of the entry.
 */
export function entryAt(kernel: Kernel, level: Level, table: number, address: number): number {
  return table + indexAt(level, kernel.bus.hi, address) * 4 * kernel.mode.entryWords;
}
