import { type Kernel, KERNEL_RELEASES } from "../kernel/mod.ts";
import { Stopped } from "../paravirt/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * A control: mapping a page that is already mapped is a bug, as in a teaching kernel whose `mappages` panics.
 *
 * It boots only if the new tables inherit no leaf from the boot tables.
 */
export const panicOnRemap: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  id: "panic-on-remap",
  does: "a remap is a bug",
  who: "a control, after teaching kernels",
  release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => {
    bugOnPresent(kernel, entry, pfn);
    kernel.setPte(entry, pfn, flags, nx);
  },
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    bugOnPresent(kernel, entry, pfn);
    kernel.setPmd(entry, pfn, flags, nx);
  },
});

function bugOnPresent(kernel: Kernel, entry: number, pfn: number): void {
  if (kernel.present(entry)) throw new Stopped({ kind: "remap", message: `panic: remap of pfn 0x${pfn.toString(16)}` });
}
