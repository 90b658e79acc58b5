import { frameOf } from "../mmu/mod.ts";
import { filterSetPte, maskRw } from "./filter_set_pte.ts";
import type { Strategy } from "./strategy.ts";

/**
 * A control: the merged filter, together with the list of page tables that the back-end keeps for `ask-callback`.
 *
 * The filter by itself recognises a table by its present read-only leaf. With the list it also recognises tables that no entry maps yet.
 *
 * Source: ours. `ask-callback` and `query-special` have the list; with it the filter differs from them only in its rule.
 */
export const filterWithList: Strategy<"filter-with-list"> = Object.freeze<Strategy<"filter-with-list">>({
  ...filterSetPte,
  id: "filter-with-list",
  does: "the filter, with the list of tables that the callback's back-end has",
  who: "a control, ours",
  initSetPte: (kernel, plain) => (entry, hi, lo) => {
    const { ops, bus } = kernel;
    plain(entry, hi, ops.pagePermissions(ops.toPfn(frameOf(hi, lo)), maskRw(bus.load(entry), lo)));
  },
});
