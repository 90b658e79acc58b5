import { aKernel } from "../kernel/kernel.ts";
import { type Kernel, KERNEL_RELEASES } from "../kernel/mod.ts";
import { frameOf, RW } from "../mmu/mod.ts";
import { type EntryWriter, Stopped } from "../paravirt/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";
import { writeAlways } from "./write_always.ts";

/** Pages that page tables are taken from: `pgt_buf_start`, `pgt_buf_end` (the next to be used) and `pgt_buf_top` (after the last), as pfns. */
export interface PageTableRange {
  /** First page of the range. */
  readonly start: number;
  /** The page that is the next to become a table. */
  readonly end: number;
  /** The page after the last. */
  readonly top: number;
}

/** The range of each boot. A strategy is a plain object that serves many kernels. */
const ranges = new WeakMap<Kernel, PageTableRange>();

/**
 * What 2.6.39 did: page tables come from one range that is found beforehand, so "is this pfn a page table?" is two comparisons.
 *
 * We read this as a cheap form of proposals 2 and 3. The range is the highest free run below the end of the boot map, so it is mapped; the
 * record of 3.2 shows it there, 36 pages for 128M in 4K pages. The unused end becomes ordinary memory again when the tables are done. The
 * real kernel panicked if the boot map had no room for the range. Here it is then taken from other memory and reached by a borrowed leaf:
 * our choice, so that every size boots.
 *
 * Source: Linux 2.6.39 arch/x86/mm/init.c (`pgt_buf_start`, `_end`, `_top`) and arch/x86/xen/mmu.c; commit 279b706bf800.
 */
export const tableRange: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  ...writeAlways,
  id: "table-range",
  does: "page tables are one range, known by two comparisons",
  who: "Linux 2.6.39, later",
  release: { ...KERNEL_RELEASES["2.6.22"], earlyIoremap: true },
  prepare: (kernel: Kernel): void => {
    const { bootmem, maxPfnMapped, layout } = kernel;
    const pages = tablesNeeded(kernel);
    const start = bootmem.takeRunBelow(pages, maxPfnMapped) ?? bootmem.takeRunBelow(pages, layout.maxLowPfn);
    if (start === undefined) {
      throw new Stopped({ kind: "out-of-memory", message: `bootmem: no ${pages} free pages in a row` });
    }
    ranges.set(kernel, { start, end: start, top: start + pages });
  },
  allocTable: (kernel: Kernel): number => {
    const { start, end, top } = pgtBufOf(kernel);
    if (end === top) throw new Stopped({ kind: "out-of-memory", message: "the page-table range is used up" });
    ranges.set(kernel, { start, end: end + 1, top });
    kernel.zero(end);
    return end;
  },
  initSetPte: (kernel: Kernel, plain: EntryWriter): EntryWriter => (entry, hi, lo) =>
    plain(entry, hi, isTable(kernel, kernel.ops.toPfn(frameOf(hi, lo))) ? lo & ~RW : lo),
  finish: (kernel: Kernel): void => {
    const { end, top } = pgtBufOf(kernel);
    for (let pfn = end; pfn < top; pfn++) kernel.ops.releasePt(pfn);
    kernel.bootmem.free(end, top);
  },
});

/** Makes two comparisons for each range of tables. */
function isTable(kernel: Kernel, pfn: number): boolean {
  const { start, top } = pgtBufOf(kernel);
  const { first, end } = kernel.ops.templateTables;
  const { swapperPgDir, emptyZeroPage } = kernel.image;
  return (pfn >= start && pfn < top) || (pfn >= first && pfn < end) || pfn === swapperPgDir || pfn === emptyZeroPage;
}

/** Pages for the tables of all lowmem in 4K pages, the fixmap and the high-memory window, and for one directory a level. */
function tablesNeeded(kernel: Kernel): number {
  const leaves = kernel.features.pse ? 0 : Math.ceil(kernel.layout.maxLowPfn / kernel.pagesPerTable);
  return leaves + 2 + kernel.mode.levels.length;
}

/**
 * The range that `table-range` found in a boot.
 *
 * @param kernel The kernel, after `prepare`.
 * @returns The range in its present state.
 * @throws {Stopped} If `prepare` has not run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { pgtBufOf } from "@pagetable-init/textbook/strategies";
 *
 * const { kernel } = boot({ platform: "native-486", strategy: "table-range", memory: "64M" });
 * const { start, end, top } = pgtBufOf(kernel);
 * assertEquals([start < end, end <= top], [true, true]);
 * ```
 */
export function pgtBufOf(kernel: Kernel): PageTableRange {
  aKernel(kernel, "kernel");
  const range = ranges.get(kernel);
  if (range === undefined) throw new Stopped({ kind: "kernel-bug", message: "the page-table range was never found" });
  return range;
}
