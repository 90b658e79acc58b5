import { KERNEL_RELEASES } from "../kernel/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * Proposal 1: tables that are there are used, and every leaf is written, whatever it held.
 *
 * Right on bare metal, where boot-time leaves must go. Under Xen the first page-table page that comes by is asked for
 * writable, and that Xen refuses.
 *
 * Source: the mail of 28 April 2007, point 1 (Eric Biederman's proposal, as it sums it up).
 */
export const writeAlways: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "write-always",
  does: "reuse tables, write every leaf",
  who: "Eric Biederman, proposal 1",
  release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, flags, nx),
  mapLargePage: (kernel, entry, pfn, flags, nx) => kernel.setPmd(entry, pfn, flags, nx),
});
