import { KERNEL_RELEASES } from "../kernel/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * Proposal 1: the kernel uses existing tables, and writes every leaf, also those that are present.
 *
 * This is right on bare metal, where the boot-time leaves must be replaced. Under Xen the kernel asks for the first page-table page as
 * writable, and Xen refuses.
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
