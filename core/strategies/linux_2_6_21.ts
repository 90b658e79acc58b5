import { KERNEL_RELEASES } from "../kernel/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * The released kernel of that time: it writes every leaf and calls no hypervisor.
 *
 * It has no set-up hooks, so it cannot take over a template. It tests for kernel text once a table (trap T20).
 *
 * Source: Linux 2.6.21 (25 April 2007), arch/i386/mm/init.c.
 */
export const linux2621: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "linux-2.6.21",
  does: "no set-up hooks; every leaf is written",
  who: "the kernel of the day",
  release: KERNEL_RELEASES["2.6.21"],
  mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, flags, nx),
  mapLargePage: (kernel, entry, pfn, flags, nx) => kernel.setPmd(entry, pfn, flags, nx),
});
