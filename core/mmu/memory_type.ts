/**
 * From PWT, PCD and PAT bits to a memory type.
 *
 * @module
 */

/** Memory types, by their encoding in the PAT and in MTRRs. */
export const MEMORY_TYPES: { readonly [encoding: number]: string } = Object
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
 * Source: Intel SDM vol. 3A, section 11.12.4.
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

/**
 * The memory type of an access: what the PAT entry says, combined with the MTRR type of the physical range.
 *
 * @param pat The page attribute table, eight encodings, entry 0 first.
 * @param index PAT index of the leaf, 0 to 7.
 * @param mtrr MTRR type of the range; this emulator has no MTRRs, so write-back unless said otherwise.
 * @returns A name of `MEMORY_TYPES`.
 * @throws {RangeError} If the index or an encoding is not one of the architecture.
 *
 * Source: Intel SDM vol. 3A, table 11-7 (effective memory type).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryType, PAT_RESET } from "@pagetable-init/textbook";
 *
 * assertEquals(memoryType(PAT_RESET, 0), "WB");
 * assertEquals(memoryType(PAT_RESET, 2), "UC-");
 * assertEquals(memoryType(PAT_RESET, 2, "WC"), "WC");
 * ```
 */
export function memoryType(
  pat: readonly number[],
  index: number,
  mtrr = "WB",
): string {
  const encoding = pat[index];
  const type = encoding === undefined ? undefined : MEMORY_TYPES[encoding];
  const row = type === undefined ? undefined : EFFECTIVE[type];
  const effective = row?.[mtrr];
  if (effective === undefined) {
    throw new RangeError(
      `Expected a PAT index of 0 to 7 and an MTRR type of UC, WC, WT, WP or WB but found ${index} and ${mtrr}`,
    );
  }
  return mtrr === "WB" && type === "UC-" ? "UC-" : effective;
}

/** PAT type, then MTRR type. */
const EFFECTIVE: {
  readonly [pat: string]: { readonly [mtrr: string]: string };
} = Object.freeze({
  "UC": { UC: "UC", WC: "UC", WT: "UC", WP: "UC", WB: "UC" },
  "UC-": { UC: "UC", WC: "WC", WT: "UC", WP: "UC", WB: "UC" },
  "WC": { UC: "WC", WC: "WC", WT: "WC", WP: "WC", WB: "WC" },
  "WT": { UC: "UC", WC: "UC", WT: "WT", WP: "WP", WB: "WT" },
  "WP": { UC: "UC", WC: "WC", WT: "WT", WP: "WP", WB: "WP" },
  "WB": { UC: "UC", WC: "WC", WT: "WT", WP: "WP", WB: "WB" },
});
