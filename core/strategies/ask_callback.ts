import { KERNEL_RELEASES } from "../kernel/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * Proposal 2, at boot only: one more paravirt operation is asked which flags a page may be mapped with.
 *
 * The answer can only be as good as what the back-end knows at that time: the builder's tables, the pages that its own hooks have protected.
 * Pages that become tables later are asked about too early; the alloc hook repairs their leaves.
 *
 * Source: the mail of 28 April 2007, point 2 (Eric Biederman's proposal, as it sums it up). The operation's shape is ours.
 */
export const askCallback: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "ask-callback",
  does: "one more paravirt op says which flags each page gets",
  who: "Eric Biederman, proposal 2",
  release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => {
    const { pagePermissions } = kernel.ops;
    kernel.setPte(entry, pfn, pagePermissions?.(pfn, flags) ?? flags, nx);
  },
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    const { pagePermissions } = kernel.ops;
    kernel.setPmd(entry, pfn, pagePermissions?.(pfn, flags) ?? flags, nx);
  },
});
