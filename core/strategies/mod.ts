/**
 * The strategies: one file for each proposal of the debate, all of one type.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { findStrategy, type Strategy } from "@pagetable-init/textbook/strategies";
 *
 * // A proposal of one's own: never a large page, the rest as merged.
 * const smallPages: Strategy = {
 *   ...findStrategy("filter-set-pte"),
 *   id: "small-pages",
 *   mapLargePage: () => {},
 * };
 * assertEquals(boot({ platform: "xen-pae", strategy: smallPages }).outcome.ok, true); // Xen hides PSE anyway
 * assertEquals(boot({ platform: "native-p6", strategy: smallPages }).outcome.ok, true); // on what head.S mapped
 * ```
 *
 * @module
 */

export * from "./filter_set_pte.ts";
export { findStrategy, STRATEGIES } from "./list.ts";
export * from "./strategy.ts";
export { type PageTableRange, pgtBufOf } from "./table_range.ts";
