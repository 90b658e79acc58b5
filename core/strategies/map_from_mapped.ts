import { type Kernel, KERNEL_RELEASES } from "../kernel/mod.ts";
import { filterSetPte } from "./filter_set_pte.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * What 3.9 did: a page table is taken only from memory that is mapped already, so it always has a leaf that the alloc hook can make read-only
 * before the table is linked.
 *
 * The 32-bit kernel also kept the mask of `filter-set-pte`, to the end.
 *
 * Source: H. Peter Anvin's pull request of 21 February 2013 (Yinghai Lu's `init_mem_mapping`); the comment on Xen near `alloc_low_pages`.
 */
export const mapFromMapped: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  ...filterSetPte,
  id: "map-from-mapped",
  does: "tables only from memory that is mapped already",
  who: "Linux 3.9, later",
  release: KERNEL_RELEASES["2.6.22"],
  allocTable: (kernel: Kernel): number => {
    const pfn = kernel.bootmem.take((pfn) => kernel.bus.probe(kernel.va(pfn), true));
    kernel.bus.clearPage(kernel.va(pfn));
    return pfn;
  },
});
