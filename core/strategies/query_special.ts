import { KERNEL_RELEASES, mapSmall } from "../kernel/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * Proposal 3: the kernel asks a general registry of pages with special properties: uncached memory natively, page tables under Xen.
 *
 * A large page has one set of flags, so its pages must all give the same answer. If they do not, it is mapped by 4K pages.
 *
 * Source: the mail of 28 April 2007, point 3 (Eric Biederman's proposal, as it sums it up). The registry's shape is ours; the mail calls the
 * real thing a longer-term project.
 */
export const querySpecial: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "query-special",
  does: "a registry of special pages is asked",
  who: "Eric Biederman, proposal 3",
  release: KERNEL_RELEASES["2.6.22"],
  prepare: ({ ops }) => {
    if (ops.specialPages.knows("write-combining")) ops.programPat();
  },
  mapPage: (kernel, entry, pfn, flags, nx) => {
    const { specialPages } = kernel.ops;
    kernel.setPte(entry, pfn, specialPages.apply(specialPages.at(pfn), flags), nx);
  },
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    const { specialPages } = kernel.ops;
    const pages = kernel.pagesPerTable;
    if (!specialPages.uniform(pfn, pages)) return mapSmall(kernel, entry, pfn, pfn + pages);
    kernel.setPmd(entry, pfn, specialPages.apply(specialPages.at(pfn), flags), nx);
  },
});
