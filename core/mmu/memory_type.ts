/**
 * The memory type of an access, from the PWT, PCD and PAT bits of its leaf.
 *
 * The bits of the leaf select one of the eight entries of the page attribute table. Its type is combined with the type that the memory
 * type range registers give the physical address. The MTRRs are a stub here: one type for all of memory, write-back unless
 * `Registers.writeMtrrType` sets another. Caches are not modelled, so the type is reported and has no effect.
 *
 * Source: Intel SDM vol. 3A, chapter 11 (memory cache control).
 *
 * @module
 */

import { checkArguments, isWord, list, number, text } from "../check.ts";
/** A memory type that an MTRR can give a range: uncacheable, write-combining, write-through, write-protected, write-back. */
export type MtrrType = "UC" | "WC" | "WT" | "WP" | "WB";

/** A memory type that an entry of the PAT can name: those of the MTRRs, and `UC-`, which is UC unless the MTRR says WC. */
export type PatType = MtrrType | "UC-";

/**
 * Memory types, by their encoding in the PAT and in MTRRs. Encodings 2, 3 and all above 7 are reserved.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MEMORY_TYPES } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(MEMORY_TYPES[6], "WB");
 * ```
 */
export const MEMORY_TYPES: { readonly [encoding: number]: PatType } = Object
  .freeze({
    0: "UC",
    1: "WC",
    4: "WT",
    5: "WP",
    6: "WB",
    7: "UC-",
  });

/**
 * The page attribute table after reset, entry 0 first: WB, WT, UC-, UC, twice.
 *
 * An index without the PAT bit selects one of the first four: the types that PCD and PWT selected before CPUs had a PAT.
 *
 * Source: Intel SDM vol. 3A, section 11.12.4.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PAT_RESET } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(PAT_RESET[0], 6); // write-back
 * ```
 */
export const PAT_RESET: readonly number[] = Object.freeze([
  6,
  4,
  7,
  0,
  6,
  4,
  7,
  0,
]);

const PARAMETERS = { pat: list(number), index: number, mtrr: text };

/**
 * The memory type of an access: the type of the PAT entry, combined with the MTRR type of the physical range.
 *
 * @param pat The page attribute table, eight encodings, entry 0 first.
 * @param index PAT index of the leaf, 0 to 7 (`patIndex`).
 * @param mtrr MTRR type of the range.
 * @returns The effective type; never `UC-`, which the MTRR resolves.
 * @throws {RangeError} If the index, an encoding or the MTRR type is not one of the architecture.
 *
 * Source: Intel SDM vol. 3A, table 11-7 (effective page-level memory types, Pentium III and later).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryType, PAT_RESET } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(memoryType(PAT_RESET, 0), "WB");
 * assertEquals(memoryType(PAT_RESET, 2), "UC"); // UC- over write-back
 * assertEquals(memoryType(PAT_RESET, 2, "WC"), "WC");
 * ```
 */
export function memoryType(
  pat: readonly number[],
  index: number,
  mtrr: MtrrType = "WB",
): MtrrType {
  if (!Array.isArray(pat) || !isWord(index) || typeof mtrr !== "string") checkArguments(PARAMETERS, [pat, index, mtrr]);
  const encoding = pat[index];
  const type = encoding === undefined ? undefined : MEMORY_TYPES[encoding];
  const effective = type === undefined ? undefined : EFFECTIVE[type][mtrr];
  if (effective === undefined) {
    throw new RangeError(
      `Expected a PAT index of 0 to 7 and an MTRR type of UC, WC, WT, WP or WB but found ${index} and ${mtrr}`,
    );
  }
  return effective;
}

/** PAT type, then MTRR type. */
const EFFECTIVE: Readonly<Record<PatType, Readonly<Record<MtrrType, MtrrType>>>> = Object.freeze({
  "UC": { UC: "UC", WC: "UC", WT: "UC", WP: "UC", WB: "UC" },
  "UC-": { UC: "UC", WC: "WC", WT: "UC", WP: "WC", WB: "UC" },
  "WC": { UC: "WC", WC: "WC", WT: "WC", WP: "WC", WB: "WC" },
  "WT": { UC: "UC", WC: "UC", WT: "WT", WP: "WT", WB: "WT" },
  "WP": { UC: "UC", WC: "UC", WT: "WP", WP: "WP", WB: "WP" },
  "WB": { UC: "UC", WC: "WC", WT: "WT", WP: "WP", WB: "WB" },
});
