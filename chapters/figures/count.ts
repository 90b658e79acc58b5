/**
 * Numbers with their thousands marked.
 *
 * @module
 */

/** Between three digits and what stands before them. `toLocaleString` would first load tables of all languages, which takes longer than many a command. */
const THOUSANDS = /\B(?=(?:\d{3})+(?:\.|$))/g;

/**
 * A number with its thousands marked.
 *
 * @param value A number with at most three decimals.
 * @returns For example `73,789`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { count } from "../../chapters/figures/count.ts";
 *
 * assertEquals([0, 999, 1000, 73789.5, -1234567].map(count), ["0", "999", "1,000", "73,789.5", "-1,234,567"]);
 * ```
 */
export function count(value: number): string {
  return String(value).replace(THOUSANDS, ",");
}
