/**
 * Recorded accesses with a change: what a walker with a mistaken rule answers is what a right one answers to another question.
 *
 * @module
 */

import { CR4_PSE, isLeaf } from "../../../core/mmu/mod.ts";
import { CPUS, MODES } from "../../../mod.ts";
import type { AccessCase } from "./cases.ts";

/** Bits of entries to be set and cleared. */
export interface FlagChanges {
  /** Bits of the low word to be set. */
  readonly set?: number;
  /** Bits of the low word to be cleared. */
  readonly clear?: number;
  /** Bits of the high word to be cleared. */
  readonly clearHi?: number;
}

/**
 * A case with other flags in some of its entries.
 *
 * @param asked The case.
 * @param indices Which entries, by their index, root first.
 * @param changes The bits.
 * @returns A new case; the old one stays as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recordedAccesses, withFlags } from "@pagetable-init/chapters";
 *
 * const [{ asked } = { asked: undefined }] = await recordedAccesses("named47");
 * if (asked !== undefined) assertEquals((withFlags(asked, [0], { clear: 1 }).entries[0]?.lo ?? 1) & 1, 0);
 * ```
 */
export function withFlags(
  asked: AccessCase,
  indices: Iterable<number>,
  { set = 0, clear = 0, clearHi = 0 }: FlagChanges,
): AccessCase {
  const chosen = new Set(indices);
  const entries = asked.entries.map((entry, at) =>
    chosen.has(at) ? { ...entry, lo: ((entry.lo & ~clear) | set) >>> 0, hi: (entry.hi & ~clearHi) >>> 0 } : entry
  );
  return { ...asked, entries };
}

/**
 * The entries that have a say in the rights of an access: all that are walked, but a PDPTE of PAE. The last one maps the page.
 *
 * @param asked The case.
 * @returns Their indices, root first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { entriesWithRights, recordedAccesses } from "@pagetable-init/chapters";
 *
 * const pae = (await recordedAccesses("named47")).find(({ asked }) => asked.mode === "pae");
 * if (pae !== undefined) assertEquals(entriesWithRights(pae.asked)[0], 1);
 * ```
 */
export function entriesWithRights(asked: AccessCase): number[] {
  const { mode, entries, cr4 } = asked;
  const { levels } = MODES[mode];
  const pse = (cr4 & CR4_PSE) !== 0;
  const leaf = levels.findIndex((level, at) => isLeaf(level, entries[at]?.lo ?? 0, CPUS.broadwell, pse));
  return [...entries.keys()].filter((at) => at <= leaf && levels[at]?.rights);
}
