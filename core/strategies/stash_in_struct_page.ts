import { type Kernel, KERNEL_RELEASES } from "../kernel/mod.ts";
import { RW } from "../mmu/mod.ts";
import { pageStructuresOf } from "../paravirt/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * The mail's aside: proposals 2 and 3 could keep their answers in the page structures. They cannot do so at boot, because `mem_map` is allocated
 * after `paging_init` (trap T31).
 *
 * Afterwards they have the answer for page tables: Xen's back-end marks each with `PG_pinned`. The comment above `mark_pinned` says why it
 * came so late: the first tables are pinned from the start, when there are no page structures that could be marked.
 *
 * Source: the mail of 28 April 2007; Linux 2.6.22 arch/i386/kernel/setup.c for the order; Linux 2.6.23 arch/i386/xen/mmu.c for `PG_pinned`.
 */
export const stashInStructPage: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "stash-in-struct-page",
  does: "the answer is looked up in struct page",
  who: "the mail's aside",
  release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, allowed(kernel, pfn, flags), nx),
  mapLargePage: (kernel, entry, pfn, flags, nx) => kernel.setPmd(entry, pfn, allowed(kernel, pfn, flags), nx),
});

/** The flags that a page may have: a table gets no RW. `PG_pinned` marks the tables. */
function allowed(kernel: Kernel, pfn: number, flags: number): number {
  return pageStructuresOf(kernel, pfn).isPinned(pfn) ? flags & ~RW : flags;
}
