import { frameOf } from "../mmu/mod.ts";
import { filterSetPte, maskRw } from "./filter_set_pte.ts";
import type { Strategy } from "./strategy.ts";

/**
 * A control: the merged filter, and beside it the list of page tables that the callback's back-end keeps.
 *
 * The filter alone knows a table by the entry that is there already. With the list it also knows those that no entry maps yet.
 *
 * Source: ours. It gives the filter what `ask-callback` and `query-special` have, so that what is compared is the rule and not the list.
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
