/**
 * Write an entry in halves.
 *
 * A PAE entry has 8 bytes, a store writes 4, and between two stores the CPU may walk the
 * table. Change an entry from `old` to `wanted` so that the CPU never sees a present
 * entry that is neither the old one nor the new one: not the frame of one with the NX or
 * the upper frame bits of the other. Do not store more often than necessary: a half that
 * stays as it is need not be stored, and on Xen every store is a page fault.
 *
 * `P` is in the lower half. An entry without `P` may hold anything.
 *
 * @module
 */

import { P } from "@pagetable-init/textbook/mmu";

/** The two words of a PAE entry. */
export interface Entry {
  readonly lo: number;
  readonly hi: number;
}

/** Stores one word of the entry. */
export type Store = (half: "lo" | "hi", value: number) => void;

export function setEntry(store: Store, old: Entry, wanted: Entry): void {
  // Your lines: about eight.
  store("lo", wanted.lo);
  // End of your lines.
}
