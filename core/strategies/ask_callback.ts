import { KERNEL_RELEASES } from "../kernel/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * Proposal 2, at boot only: a further paravirt operation decides which flags a page may be mapped with.
 *
 * The back-end knows only the tables of that time: the builder's, and the pages that its own hooks have protected. A page that becomes a
 * table later is asked about too early; the alloc hook repairs its leaf.
 *
 * Source: the mail of 28 April 2007, point 2 (Eric Biederman's proposal, as it sums it up). The operation's shape is ours.
 */
export const askCallback: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "ask-callback",
  does: "one more paravirt op says which flags each page gets",
  who: "Eric Biederman, proposal 2",
  release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, kernel.ops.pagePermissions(pfn, flags), nx),
  mapLargePage: (kernel, entry, pfn, flags, nx) =>
    kernel.setPmd(entry, pfn, kernel.ops.pagePermissions(pfn, flags), nx),
});
