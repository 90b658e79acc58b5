import { pmdSize } from "../kernel/layout.ts";
import { type Kernel, KERNEL_RELEASES, type PageRun } from "../kernel/mod.ts";
import { Stopped } from "../paravirt/mod.ts";
import { filterSetPte } from "./filter_set_pte.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/** pfn of `ISA_END_ADDRESS`: the first megabyte is mapped first. */
const ISA_END = 0x100;
/** Pages behind the kernel for the first tables: `INIT_PGT_BUF_SIZE`. */
const BRK_PAGES = 6;
/** Growth of the steps: `STEP_SIZE_SHIFT`. */
const STEP_GROWTH = 2 ** 5;
const NO_PAGES: PageRun = { first: 0, end: 0 };

/** The pages from which a boot takes its tables. */
interface TableSource {
  /** The next of the pages behind the kernel, and the page after the last. */
  brk: PageRun;
  /** The range that is mapped so far, from the top of memory down. */
  mapped: PageRun;
  /** The page of `mapped` that is looked at next, from its end down: those above are taken, or the CPU's present tables do not reach them. */
  next: number;
  /** The range that is being mapped. */
  mapping: PageRun;
}

/** The source of each boot. A strategy is a plain object that serves many kernels. */
const sources = new WeakMap<Kernel, TableSource>();

/**
 * What 3.9 did: a page table is taken only from memory that is mapped already, so it always has a leaf that the alloc hook can make read-only
 * before the table is linked.
 *
 * The first megabyte is mapped first, then the topmost block of memory, then the rest downwards in growing steps. Tables come from six pages behind
 * the kernel, unless these are in the range that is being mapped, and then from the mapped memory, the highest page first. The records of 3.16 show
 * the same frames in the same order. The 32-bit kernel also kept the mask of `filter-set-pte`, to the end.
 *
 * Our choice where the kernel of 2007 differs: with large pages the first step ends at the end of the first of them. A PAE kernel on bare metal does
 * not run on the tables that it builds; there a table may also come from a page that its boot tables map.
 *
 * Source: H. Peter Anvin's pull request of 21 February 2013 (Yinghai Lu's `init_mem_mapping`); the comment on Xen near `alloc_low_pages`.
 */
export const mapFromMapped: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  ...filterSetPte,
  id: "map-from-mapped",
  does: "tables only from memory that is mapped already",
  who: "Linux 3.9, later",
  release: KERNEL_RELEASES["2.6.22"],
  prepare: (kernel: Kernel): void => {
    const first = kernel.bootmem.takeRunFrom(kernel.layout.kernelEnd / 4096, BRK_PAGES);
    const brk = first === undefined ? NO_PAGES : { first, end: first + BRK_PAGES };
    sources.set(kernel, { brk, mapped: NO_PAGES, next: -1, mapping: NO_PAGES });
  },
  *mappingOrder(kernel: Kernel): Iterable<PageRun> {
    const source = sourceOf(kernel);
    for (const range of stepsOf(kernel)) {
      source.mapping = range;
      yield range;
      if (range.first === 0) continue;
      source.mapped = around(source.mapped, range);
      source.next = source.mapped.end - 1;
    }
    source.mapping = NO_PAGES;
  },
  allocTable: (kernel: Kernel): number => {
    const pfn = tablePage(kernel);
    kernel.bus.clearPage(kernel.va(pfn));
    return pfn;
  },
});

/** The ranges in order: the first megabyte; from the topmost whole block downwards, in growing steps; the pages above that block. */
function* stepsOf({ layout, features, release, mode }: Kernel): Iterable<PageRun> {
  const end = layout.maxLowPfn;
  const block = pmdSize(mode) / 4096;
  const low = features.pse && !release.smallEnds ? block : ISA_END;
  yield { first: 0, end: low };
  const top = end - end % block;
  let [last, step] = [top, block];
  while (last > low) {
    const first = Math.max(low, Math.floor((last - 1) / step) * step);
    yield { first, end: last };
    last = first;
    if (top - last >= step) step *= STEP_GROWTH;
  }
  if (top < end) yield { first: top, end };
}

/** The smallest range that contains both. */
function around(mapped: PageRun, { first, end }: PageRun): PageRun {
  if (mapped.first === mapped.end) return { first, end };
  return { first: Math.min(mapped.first, first), end: Math.max(mapped.end, end) };
}

/** `alloc_low_pages`, one page. */
function tablePage(kernel: Kernel): number {
  const { bootmem, bus } = kernel;
  const source = sourceOf(kernel);
  const { brk: { first, end }, mapped, mapping } = source;
  if (first < end && (mapping.end <= first || mapping.first >= end)) {
    source.brk = { first: first + 1, end };
    return first;
  }
  while (source.next >= mapped.first) {
    const pfn = source.next--;
    if (!bootmem.isFree(pfn) || !bus.probe(kernel.va(pfn), true)) continue;
    bootmem.reserve(pfn, pfn + 1);
    return pfn;
  }
  return bootmem.take((pfn) => bus.probe(kernel.va(pfn), true));
}

function sourceOf(kernel: Kernel): TableSource {
  const source = sources.get(kernel);
  if (source !== undefined) return source;
  throw new Stopped({ kind: "kernel-bug", message: "a page table is wanted before the strategy was prepared" });
}
