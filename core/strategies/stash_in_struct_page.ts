import { KERNEL_RELEASES } from "../kernel/mod.ts";
import type { Kernel } from "../kernel/mod.ts";
import { Stopped } from "../paravirt/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * The mail's aside: proposals 2 and 3 could keep their answers in the page structures. They cannot do so at boot, because `mem_map` is allocated
 * after `paging_init` (trap T31).
 *
 * Source: the mail of 28 April 2007; Linux 2.6.22 arch/i386/kernel/setup.c for the order.
 */
export const stashInStructPage: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "stash-in-struct-page",
  does: "the answer is looked up in struct page",
  who: "the mail's aside",
  release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, flags & pageFlags(kernel, pfn), nx),
  mapLargePage: (kernel, entry, pfn, flags, nx) => kernel.setPmd(entry, pfn, flags & pageFlags(kernel, pfn), nx),
});

function pageFlags(kernel: Kernel, pfn: number): number {
  if (kernel.memMap === undefined) {
    throw new Stopped({
      kind: "no-page-structure",
      message: `pfn_to_page(0x${pfn.toString(16)}): mem_map is NULL; page structures are allocated after paging_init`,
    });
  }
  return kernel.memMap[pfn] ?? 0;
}
