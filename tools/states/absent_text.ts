/**
 * Entries that are not present and not zero, in words.
 *
 * @module
 */

import type { AbsentEntries, AbsentKind } from "../../core/audit/mod.ts";
import { formatAddress } from "../../core/mmu/mod.ts";

const KINDS: { readonly [kind in AbsentKind]: string } = Object.freeze({
  "prot-none": "PROT_NONE (or waiting for a NUMA hint)",
  swap: "swapped out (or migrating, or a marker)",
  "invalid-frame": "with a frame of all ones, which Xen calls invalid",
  "kernel-unmapped": "of the kernel, unmapped but with their frame",
  unknown: "whose format is not known",
});

/** One line about them, or none. */
export function absentText(absent: readonly AbsentEntries[]): string[] {
  const parts = absent.map(({ kind, entries, address }) =>
    `${entries} ${KINDS[kind]}, the first at ${formatAddress(address)}`
  );
  return parts.length === 0 ? [] : [`entries that are not present and not zero: ${parts.join("; ")}`];
}
