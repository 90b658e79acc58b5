/**
 * The flags of a page-table entry by name.
 *
 * @module
 */

import { checkArguments, optional, word } from "../check.ts";
import { D, G, NX, P, PCD, PS, PWT, RW, US } from "./bits.ts";
import type { Level } from "./modes.ts";
import { levelShape } from "./shapes.ts";

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [P, "P"],
  [RW, "RW"],
  [US, "US"],
  [PWT, "PWT"],
  [PCD, "PCD"],
  [0x020, "A"],
  [D, "D"],
  [PS, "PS"],
  [G, "G"],
];

/**
 * The set flags of an entry by name.
 *
 * @param lo Low word.
 * @param hi High word.
 * @param level Of a 4K leaf bit 7 is called PAT.
 * @returns For example `P RW A D NX`; `-` for none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatFlags } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(formatFlags(0, 0x063), "P RW A D");
 * ```
 */
export function formatFlags(hi: number, lo: number, level?: Level): string {
  checkArguments({ lo: word, hi: word, level: optional(levelShape) }, [lo, hi, level]);
  const names = FLAG_NAMES.filter(([bit]) => (lo & bit) !== 0).map(([, name]) => name);
  const named = level?.shift === 12 ? names.map((name) => name === "PS" ? "PAT" : name) : names;
  if ((hi & NX) !== 0) named.push("NX");
  return named.join(" ") || "-";
}
