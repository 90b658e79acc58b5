import { KERNEL_RELEASES } from "../kernel/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * Proposal 4: the kernel keeps every leaf and directory entry that the template already has.
 *
 * Xen's read-only leaves survive. A native kernel keeps head.S's leaves too, with their user bit and without PSE.
 *
 * Source: the mail of 28 April 2007, point 4; in code "[patch 04/20] XEN-paravirt: paravirt pagetable init", 12 January 2007.
 */
export const keepTemplate: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "keep-template",
  does: "a leaf that is present is not touched",
  who: "Jeremy Fitzhardinge, proposal 4",
  release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => {
    if (!kernel.present(entry)) kernel.setPte(entry, pfn, flags, nx);
  },
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    if (!kernel.present(entry)) kernel.setPmd(entry, pfn, flags, nx);
  },
});
