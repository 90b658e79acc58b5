/**
 * Reading page tables: the frames that they occupy, and the ranges that they map.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { pageRanges, tablesOf, tableUses } from "@pagetable-init/textbook/tables";
 *
 * const tables = tablesOf(boot({ platform: "native-486", strategy: "write-always", memory: "64M" }).machine);
 * assertEquals([...tableUses(tables)].length, 19); // the directory, 16 tables of lowmem, one for the fixmap, one for high memory
 * assertEquals(pageRanges(tables).map(({ pages }) => pages), [16384]);
 * ```
 *
 * @module
 */

export { countLeaves, MAX_LEAVES, printLeafText, printLeaves } from "./leaves.ts";
export { guestRanges, MAX_RANGES, pageRanges } from "./page_ranges.ts";
export { type GuestRange, type MappedRange, type PageRange } from "./range_list.ts";
export { MAX_TABLES } from "./scan.ts";
export { type Tables, tablesOf, type TableUse, tableUses } from "./tables.ts";
