import { checkArguments, isWord, word } from "../check.ts";
import type { Kernel } from "../kernel/mod.ts";
import { P, RW } from "../mmu/mod.ts";
import type { EntryWriter } from "../paravirt/mod.ts";
import type { Strategy, StrategyId } from "./strategy.ts";
import { writeAlways } from "./write_always.ts";

/**
 * The mail's closing idea, as merged: the kernel writes every leaf, and Xen's `set_pte` of that time never adds RW to an entry that is present.
 *
 * It changes only RW of the new entry (trap T2). It does not restrict an entry that was never present (trap T1): new tables are safe because
 * `alloc_pt` makes them read-only before they are linked.
 *
 * Source: the mail of 28 April 2007; Linux commits b239fb250111 (2.6.22) and 9a4029fd3409 (2.6.23: `mask_rw_pte`, `xen_set_pte_init`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { filterSetPte } from "@pagetable-init/textbook/strategies";
 *
 * const run = boot({ platform: "xen-pae", strategy: { ...filterSetPte, id: "mine" }, memory: "64M" });
 * assertEquals(run.outcome.ok, true);
 * ```
 */
export const filterSetPte: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  ...writeAlways,
  id: "filter-set-pte",
  does: "write every leaf; Xen's init-time set_pte never adds RW",
  who: "Jeremy Fitzhardinge, the closing idea; merged",
  initSetPte: (kernel: Kernel, plain: EntryWriter): EntryWriter => (entry, hi, lo) =>
    plain(entry, hi, maskRw(kernel.bus.load(entry), lo)),
});

/**
 * `mask_rw_pte`: the RW bit of the new entry, ANDed with that of the old one if that is present.
 *
 * @param old Low word in the table, as the machine has it.
 * @param lo Low word to be written.
 * @returns Low word with RW kept or cleared.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { maskRw } from "@pagetable-init/textbook/strategies";
 *
 * assertEquals(maskRw(0x1061, 0x1063), 0x1061); // read-only it was, read-only it stays
 * assertEquals(maskRw(0, 0x1063), 0x1063); // nothing was there
 * ```
 */
export function maskRw(old: number, lo: number): number {
  if (!isWord(old) || !isWord(lo)) checkArguments({ old: word, lo: word }, [old, lo]);
  return (old & P) !== 0 && (old & RW) === 0 ? lo & ~RW : lo;
}
