/**
 * `pagetable_init`: the function of the debate.
 *
 * @module
 */

import { checkArguments, flag, integer, iterable, pageRange } from "../check.ts";
import { A, CR4_PAE, CR4_PGE, CR4_PSE, D, G, type Level, P, PS, RW } from "../mmu/mod.ts";
import { aKernel, type Kernel } from "./kernel.ts";
import { pmdSize } from "./layout.ts";
import type { PageRun } from "./memory_map.ts";
import { entryAt, onePageTableInit, pmdEntry } from "./tables.ts";

/** `PAGE_KERNEL` without G: present, writable, supervisor, accessed, dirty. */
export const PAGE_KERNEL: number = P | RW | A | D;
/** `PTE_IDENT_ATTR`: the flags of head.S's leaves, which the first of two passes writes. */
const HEAD_KERNEL = P | RW;

/**
 * Builds the kernel's page tables in `swapper_pg_dir`.
 *
 * @param kernel The kernel, running on its boot tables.
 * @throws {Stopped} If a store or an operation is refused.
 *
 * Source: Linux arch/i386/mm/init.c, `pagetable_init` at 2.6.21 and 2.6.22 (commit b239fb250111).
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { pagetableInit } from "@pagetable-init/textbook/kernel";
 * import { Stopped } from "@pagetable-init/textbook/paravirt";
 *
 * const run = boot({ platform: "native-p6-pae", strategy: "write-always", memory: "64M" });
 * const { kernel } = run.at(0); // a kernel that may not write
 * assertThrows(() => pagetableInit(kernel), Stopped);
 * ```
 */
export function pagetableInit(kernel: Kernel): void {
  aKernel(kernel, "kernel");
  const { layout, release, ops } = kernel;
  const base = kernel.va(layout.image.swapperPgDir);
  kernel.policy.prepare?.(kernel);
  if (release.setupHooks) ops.pagetableSetupStart(base);
  else startWithoutHooks(kernel, base);
  if (kernel.features.pse) ops.setInCr4(CR4_PSE);
  if (kernel.features.pge) ops.setInCr4(CR4_PGE);
  kernelPhysicalMappingInit(kernel, base);
  pageTableRangeInit(kernel, base, layout.fixmapStart, fixmapEnd(kernel));
  if (layout.pkmap) {
    pageTableRangeInit(kernel, base, layout.pkmapBase, (layout.pkmapBase + 4096 * layout.lastPkmap) >>> 0);
  }
  kernel.policy.finish?.(kernel);
  if (release.setupHooks) ops.pagetableSetupDone(base);
  else if (kernel.mode.rootInRegisters) copyPgd(kernel, base, 3, 0);
  kernel.returnLeaves();
}

/**
 * `paging_init`: the tables, then CR3, then (for a PAE kernel on bare metal) CR4.PAE, then a flush of everything.
 *
 * Between CR3 and CR4.PAE the CPU reads the new PAE root as a two-level directory; the instruction fetches here prove that the kernel survives
 * it: only pdes 0 to 7 are overwritten (trap T3).
 *
 * @param kernel The kernel.
 * @throws {Stopped} If anything is refused, or kernel text is no longer mapped.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { pagingInit } from "@pagetable-init/textbook/kernel";
 * import { Stopped } from "@pagetable-init/textbook/paravirt";
 *
 * const run = boot({ platform: "native-p6-pae", strategy: "write-always", memory: "64M" });
 * assertThrows(() => pagingInit(run.at(3).kernel), Stopped); // a kernel that was stopped stays so
 * ```
 */
export function pagingInit(kernel: Kernel): void {
  aKernel(kernel, "kernel");
  const { layout, ops, bus } = kernel;
  const text = layout.pageOffset + layout.textStart;
  pagetableInit(kernel);
  kernel.initMmPgd = kernel.va(layout.image.swapperPgDir);
  ops.writeCr3(layout.image.swapperPgDir);
  bus.fetch(text);
  if (kernel.mode.rootInRegisters) ops.setInCr4(CR4_PAE);
  bus.fetch(text);
  ops.flushTlbAll();
  bus.fetch(text);
}

/**
 * `is_kernel_text`: despite its name everything from PAGE_OFFSET to `__init_end`, that address included (trap T18); in later kernels from `_text`.
 *
 * @param kernel The kernel.
 * @param address Low word of a lowmem address.
 * @returns True if the page must stay executable.
 */
export function isKernelText(kernel: Kernel, address: number): boolean {
  const { layout, release } = kernel;
  const physical = address - layout.pageOffset;
  return physical >= (release.textFrom === "_text" ? layout.textStart : 0) && physical <= layout.initEnd;
}

/** Maps the ranges of lowmem in the strategy's order. A part of a range gets all passes of the release before the next part begins. */
function kernelPhysicalMappingInit(kernel: Kernel, base: number): void {
  const { release } = kernel;
  for (const range of rangesOf(kernel)) {
    for (const { first, end, large } of partsOf(kernel, range)) {
      for (let pass = release.passes; pass > 0; pass--) {
        mapRange(kernel, base, first, end, large, pass === 2);
        if (pass === 2) kernel.ops.flushTlbAll();
      }
    }
  }
}

/** The strategy's ranges, checked one by one as it gives them; all lowmem at once if it has no order. */
function* rangesOf(kernel: Kernel): Iterable<PageRun> {
  const { policy, layout: { maxLowPfn } } = kernel;
  if (policy.mappingOrder === undefined) return yield { first: 0, end: maxLowPfn };
  const order = policy.mappingOrder(kernel);
  iterable(order, "the order of mapping");
  let left = maxLowPfn;
  for (const range of order) {
    checkRange(range, "a range of mappingOrder");
    const { first, end } = range;
    left -= end - first;
    if (first === end || end > maxLowPfn || left < 0) {
      throw new RangeError(
        `Expected ranges of mappingOrder, none empty, that together are the ${maxLowPfn} pages of lowmem ` +
          `but found ${left < 0 ? "more" : `pages ${first} to ${end}`}`,
      );
    }
    yield range;
  }
}

const checkRange = pageRange("a range of pages: first and end");

/** Pages that are mapped by large pages, or by 4K ones. */
interface RangePart extends PageRun {
  readonly large: boolean;
}

/**
 * The parts of a range. Before 2.6.26 a range is one part. Later kernels with large pages map three things by 4K pages: the first large page of memory,
 * a beginning and an end that fill no large page.
 */
function partsOf({ release, features, mode }: Kernel, { first, end }: PageRun): readonly RangePart[] {
  if (!features.pse || !release.smallEnds) return [{ first, end, large: features.pse }];
  const pages = pmdSize(mode) / 4096;
  const from = Math.min(end, Math.max(pages, Math.ceil(first / pages) * pages));
  const to = Math.max(from, end - end % pages);
  const parts = [
    { first, end: from, large: false },
    { first: from, end: to, large: true },
    { first: to, end, large: false },
  ];
  return parts.filter(({ first, end }) => first < end);
}

/** One pass over a range. The first of two passes writes the flags of head.S's leaves, so that no mapping in use changes. */
function mapRange(kernel: Kernel, base: number, first: number, end: number, large: boolean, asInHead: boolean): void {
  const step = pmdSize(kernel.mode) / 4096;
  for (let pfn = first; pfn < end; pfn += step - pfn % step) {
    const pmd = pmdEntry(kernel, base, kernel.va(pfn));
    if (large) mapLarge(kernel, pmd, pfn, step, asInHead);
    else mapSmall(kernel, pmd, pfn, Math.min(pfn + step - pfn % step, end), asInHead);
  }
}

/** One large page. It may reach beyond the end of lowmem (trap T19). */
function mapLarge(kernel: Kernel, pmd: number, pfn: number, pages: number, asInHead: boolean): void {
  if (asInHead) return kernel.policy.mapLargePage(kernel, pmd, pfn, HEAD_KERNEL | PS, false);
  const executable = isKernelText(kernel, kernel.va(pfn)) || isKernelText(kernel, kernel.va(pfn) + pages * 4096 - 1);
  const flags = PAGE_KERNEL | PS | (kernel.features.pge ? G : 0);
  kernel.policy.mapLargePage(kernel, pmd, pfn, flags, kernel.features.nx && !executable);
}

/**
 * The 4K pages of one table, to the page exactly.
 *
 * @param kernel The kernel.
 * @param pmd Linear address of the pmd entry.
 * @param first First pfn.
 * @param end pfn after the last.
 * @param asInHead True for the flags of head.S's leaves, which the first of two passes writes. The kernel's own flags unless said otherwise.
 * @throws {Stopped} If a store or an operation is refused.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { access, boot } from "@pagetable-init/textbook";
 * import { mapSmall } from "@pagetable-init/textbook/kernel";
 *
 * const { machine, kernel } = boot({ platform: "native-486", strategy: "write-always", memory: "64M" });
 * const pmd = kernel.va(kernel.image.swapperPgDir) + 4 * 768;
 * machine.memory.write(machine.memory.read(kernel.image.swapperPgDir, 768) >>> 12, 5, 0); // page 5 is lost
 * mapSmall(kernel, pmd, 0, 1024);
 * assertEquals(access(machine, 0xc0005000, "write").ok, true);
 * ```
 */
export function mapSmall(kernel: Kernel, pmd: number, first: number, end: number, asInHead = false): void {
  checkArguments(PARAMETERS, [kernel, pmd, first, end, asInHead]);
  const { policy, release, features, mode, layout } = kernel;
  const lastText = layout.initEnd / 4096;
  const firstText = release.textFrom === "_text" ? layout.textStart / 4096 : 0;
  const flags = asInHead ? HEAD_KERNEL : PAGE_KERNEL | (features.pge ? G : 0);
  const nx = features.nx && !asInHead;
  const table = onePageTableInit(kernel, pmd);
  kernel.returnLeavesOf(first, end, table);
  // Signed from here on: V8 boxes every number above 2^31 that it hands to a function.
  let entry = entryAt(kernel, mode.levels[mode.levels.length - 1] as Level, table, kernel.va(first)) | 0;
  for (let pfn = first; pfn < end; pfn++, entry += 4 * mode.entryWords) {
    const tested = release.textTestPerPage ? pfn : first;
    policy.mapPage(kernel, entry, pfn, flags, nx && (tested > lastText || tested < firstText));
  }
}

/**
 * `page_table_range_init`: the tables for a range, no leaves. The end is met by `!=`, and may have wrapped to 0 (trap T21).
 *
 * @param kernel The kernel.
 * @param base Linear address of the root table.
 * @param start First address, low word, a multiple of PMD_SIZE.
 * @param end Address after the last, low word.
 */
export function pageTableRangeInit(kernel: Kernel, base: number, start: number, end: number): void {
  const step = pmdSize(kernel.mode);
  for (let address = start; address !== end; address = (address + step) >>> 0) {
    onePageTableInit(kernel, pmdEntry(kernel, base, address));
  }
}

/** FIXADDR_TOP rounded up to a whole table: natively that is 4G, which is 0. */
function fixmapEnd({ layout, mode }: Kernel): number {
  const size = pmdSize(mode);
  return ((layout.fixaddrTop + size - 1) & -size) >>> 0;
}

/** 2.6.21, without hooks: the four entries of a PAE pgd first point to the zero page; a two-level directory is announced unchanged. */
function startWithoutHooks(kernel: Kernel, base: number): void {
  const { image } = kernel.layout;
  if (!kernel.mode.rootInRegisters) return kernel.ops.allocPd(image.swapperPgDir);
  for (let i = 0; i < 4; i++) kernel.setPud(base + i * 8, image.emptyZeroPage, P);
}

/**
 * Copies one pgd entry over another: `pgd[to] := pgd[from]`.
 *
 * @param kernel The kernel.
 * @param base Linear address of the root table.
 * @param from Index read.
 * @param to Index written.
 */
export function copyPgd(kernel: Kernel, base: number, from: number, to: number): void {
  kernel.setPud(base + to * 8, kernel.pfnOf(kernel.tableAt(base + from * 8)), P);
}

const PFN = integer(0, 2 ** 28);
const PARAMETERS = { kernel: aKernel, pmd: integer(0, 2 ** 32 - 1), first: PFN, end: PFN, asInHead: flag };
