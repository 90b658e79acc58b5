/**
 * The stores of recorded boots that the model does not make, each with its reason.
 *
 * @module
 */

import type { BootRecord, StoredEntry } from "./record.ts";

/** Stores of a record that the model has no counterpart for. */
export interface Exception {
  /** Short name, printed with the number of stores. */
  readonly name: string;
  /** Why the model does without. */
  readonly reason: string;
  /** Whether a store is one of them. */
  readonly is: (store: StoredEntry, record: BootRecord) => boolean;
}

/** Kernel functions that fill a fixmap slot. */
const FIXMAP =
  /^(?:__set_fixmap|set_pte_vaddr|set_pte_pfn|native_set_pte(?:_at)?|native_pte_clear|__early_set_fixmap)$/;

/** The exceptions: a short table, not a tolerance. */
export const EXCEPTIONS: readonly Exception[] = Object.freeze([
  {
    name: "device in a fixmap slot",
    reason:
      "local APIC and I/O APIC are mapped after paging_init, at addresses that are no memory; the model has no devices",
    is: ({ who, lo, hi }, { header }) => FIXMAP.test(who) && (hi & 0xf) * 2 ** 32 + lo >= header.memoryMb * 2 ** 20,
  },
]);

/** Stores of the model that a record lacks because it ends before them. */
export interface Missing {
  /** Short name. */
  readonly name: string;
  /** Why the record has none. */
  readonly reason: string;
}

/** The record ends with `paging_init`. */
export const ENDS_EARLY: Missing = Object.freeze({
  name: "after the end of the record",
  reason: "the record stops before test_wp_bit and zap_low_mappings",
});
