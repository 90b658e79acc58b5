/**
 * A solution.
 *
 * If the upper half stays, one store is enough. Otherwise the entry must not be present
 * while the halves do not fit: take P away if it is there, store the upper half, and the
 * lower half last.
 *
 * Alternatives: one `cmpxchg8b`, which stores 8 bytes at once; Linux has it as
 * `set_pte_atomic`. Xen emulates that as well. Linux's `set_pte` stores high, then low,
 * and says in a comment that the old entry must not be present; `set_pte_present` has
 * three stores, as here. Xen 3.1 meant to rescue an entry that is written upper half
 * first, and never did (4730f50174).
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
  // Your lines: about four.
  if (old.hi === wanted.hi) return store("lo", wanted.lo);
  if ((old.lo & P) !== 0) store("lo", 0);
  store("hi", wanted.hi);
  if (wanted.lo !== 0) store("lo", wanted.lo);
  // End of your lines.
}
