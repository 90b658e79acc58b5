/**
 * The stores of recorded boots that the model does not make, each with its reason.
 *
 * @module
 */

import type { BootRecord, StoredEntry } from "./record.ts";

/** Stores that are not compared. */
export interface NamedException {
  /** Short name, printed with the number of stores. */
  readonly name: string;
  /** Why they are left out. */
  readonly reason: string;
}

/** An exception with the number of its stores. */
export interface LeftOut extends NamedException {
  /** Their number. */
  readonly count: number;
}

/** Stores of a record that the model has no counterpart for, told by each store itself. */
export interface Exception extends NamedException {
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

/** The record ends with `paging_init`. */
export const ENDS_EARLY: NamedException = Object.freeze({
  name: "after the end of the record",
  reason: "the record stops before test_wp_bit and zap_low_mappings",
});

/** Stores of `setup_arch` in a record. */
export const COPIED_DIRECTORY: NamedException = Object.freeze({
  name: "copy of the boot directory",
  reason: "from 2.6.39 on head.S fills a directory of its own, which setup_arch copies; the model has one directory",
});

/** Stores of `extend_brk` in a record. */
export const CLEARED_BRK: NamedException = Object.freeze({
  name: "clearing of brk",
  reason: "brk is cleared when it is reserved, and each page again when it becomes a table; the model clears it once",
});

/** Stores of the model that are no leaves, where the kernel has PAE. */
export const NEW_TABLES: NamedException = Object.freeze({
  name: "clearing or link of a table by the model",
  reason:
    "a PAE kernel from 2.6.25 on keeps the tables of head.S; the model's head.S makes two-level ones, as that of 2.6.22",
});
