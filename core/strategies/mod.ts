/**
 * The debate: one file a proposal, all of one signature.
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

import { askCallback } from "./ask_callback.ts";
import { findById } from "../ids.ts";
import { filterSetPte } from "./filter_set_pte.ts";
import { keepTemplate } from "./keep_template.ts";
import { keepTemplatePseFix } from "./keep_template_pse_fix.ts";
import { linux2621 } from "./linux_2_6_21.ts";
import { mapFromMapped } from "./map_from_mapped.ts";
import { panicOnRemap } from "./panic_on_remap.ts";
import { querySpecial } from "./query_special.ts";
import { stashInStructPage } from "./stash_in_struct_page.ts";
import type { Strategy } from "./strategy.ts";
import { tableRange } from "./table_range.ts";
import { writeAlways } from "./write_always.ts";

export * from "./strategy.ts";
export * from "./filter_set_pte.ts";
export { type PageTableRange, pgtBufOf } from "./table_range.ts";

/**
 * The strategies, in the order of the debate.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { STRATEGIES } from "@pagetable-init/textbook";
 *
 * assertEquals(STRATEGIES[1]?.id, "write-always");
 * ```
 */
export const STRATEGIES: readonly Strategy[] = Object.freeze([
  linux2621,
  writeAlways,
  askCallback,
  querySpecial,
  stashInStructPage,
  keepTemplate,
  keepTemplatePseFix,
  filterSetPte,
  panicOnRemap,
  tableRange,
  mapFromMapped,
]);

/**
 * The strategy with an id.
 *
 * @param id For example `filter-set-pte`.
 * @returns The strategy.
 * @throws {RangeError} If there is none: the message names the known ids.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { findStrategy } from "@pagetable-init/textbook";
 *
 * assertThrows(() => findStrategy("keep-templat"), RangeError, "did you mean keep-template?");
 * ```
 */
export function findStrategy(id: string): Strategy {
  return findById("strategy", STRATEGIES, id);
}
