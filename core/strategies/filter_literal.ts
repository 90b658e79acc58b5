import { RW } from "../mmu/mod.ts";
import { filterSetPte } from "./filter_set_pte.ts";
import type { Strategy } from "./strategy.ts";

/**
 * The closing idea in the mail's literal sense: `set_pte` refuses RW on an entry that is not writable already.
 *
 * An absent entry is not writable either, so a page that the template does not map never becomes writable. The merged code tests P as well.
 *
 * Source: the mail of 28 April 2007, taken literally. Nobody proposed to merge this form. It shows why `mask_rw_pte` tests the P bit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { audit, boot } from "@pagetable-init/textbook";
 *
 * const { outcome, machine } = boot({ platform: "xen-pae", strategy: "filter-literal", memory: "64M" });
 * assertEquals([outcome.ok, audit(machine).permissionErrors.notWritable.pages], [true, 14336]);
 * ```
 */
export const filterLiteral: Strategy<"filter-literal"> = Object.freeze<Strategy<"filter-literal">>({
  ...filterSetPte,
  id: "filter-literal",
  does: "write every leaf; Xen's init-time set_pte refuses RW where there is none",
  who: "the closing idea, by the letter of the mail",
  initSetPte: (kernel, plain) => (entry, hi, lo) =>
    plain(entry, hi, (kernel.bus.load(entry) & RW) === 0 ? lo & ~RW : lo),
});
