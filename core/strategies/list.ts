/**
 * The strategies of the debate, and their lookup by id.
 *
 * @module
 */

import { askCallback } from "./ask_callback.ts";
import { callable, type Check, flag, integer, oneOf, optional, shape, text } from "../check.ts";
import { findById } from "../ids.ts";
import { filterLiteral } from "./filter_literal.ts";
import { filterWithList } from "./filter_with_list.ts";
import { filterSetPte } from "./filter_set_pte.ts";
import { keepTemplate } from "./keep_template.ts";
import { keepTemplatePseFix } from "./keep_template_pse_fix.ts";
import { linux2621 } from "./linux_2_6_21.ts";
import { mapFromMapped } from "./map_from_mapped.ts";
import { panicOnRemap } from "./panic_on_remap.ts";
import { querySpecial } from "./query_special.ts";
import { stashInStructPage } from "./stash_in_struct_page.ts";
import type { Strategy, StrategyId } from "./strategy.ts";
import { tableRange } from "./table_range.ts";
import { writeAlways } from "./write_always.ts";

/**
 * The strategies, in the order of the debate.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { STRATEGIES } from "@pagetable-init/textbook/strategies";
 *
 * assertEquals(STRATEGIES[1]?.id, "write-always");
 * ```
 * @category Facts
 */
export const STRATEGIES: readonly Strategy<StrategyId>[] = Object.freeze([
  linux2621,
  writeAlways,
  askCallback,
  querySpecial,
  stashInStructPage,
  keepTemplate,
  keepTemplatePseFix,
  filterLiteral,
  filterSetPte,
  filterWithList,
  panicOnRemap,
  tableRange,
  mapFromMapped,
]);

/**
 * The strategy with an id.
 *
 * @param id For example `filter-set-pte`.
 * @returns The strategy.
 * @throws {RangeError} If no strategy has the id. The message names the known ones.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { findStrategy } from "@pagetable-init/textbook/strategies";
 *
 * assertThrows(() => findStrategy("keep-templat"), RangeError, "did you mean keep-template?");
 * ```
 */
export function findStrategy(id: string): Strategy<StrategyId> {
  return findById("strategy", STRATEGIES, id);
}

const RELEASE = shape("a kernel release (KERNEL_RELEASES)", {
  version: text,
  initMapBeyondEnd: shape("bytes by words an entry", { 1: integer(0, 2 ** 32), 2: integer(0, 2 ** 32) }),
  setupHooks: flag,
  textTestPerPage: flag,
  textFrom: oneOf("PAGE_OFFSET", "_text"),
  smallEnds: flag,
  passes: integer(1, 2),
  earlyIoremap: flag,
  alwaysNewPmd: flag,
});

const strategyShape = shape("the id of a strategy, or a strategy of one's own", {
  id: text,
  does: text,
  who: text,
  release: RELEASE,
  mapPage: callable,
  mapLargePage: callable,
  allocTable: optional(callable),
  mappingOrder: optional(callable),
  prepare: optional(callable),
  finish: optional(callable),
  initSetPte: optional(callable),
});

/** The check of a strategy option: an id, or a caller's own strategy. */
export const anyStrategy: Check = (value: unknown, name: string): void => {
  if (typeof value === "string") findStrategy(value);
  else strategyShape(value, name);
};

/**
 * The strategy that is meant.
 *
 * @param strategy An id, or a caller's own strategy.
 * @returns The strategy.
 * @throws {TypeError} If a field is of a wrong kind.
 * @throws {RangeError} If the id is unknown.
 */
export function resolveStrategy(strategy: string | Strategy): Strategy {
  anyStrategy(strategy, "strategy");
  return typeof strategy === "string" ? findStrategy(strategy) : strategy;
}
