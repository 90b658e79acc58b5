/**
 * A solution.
 *
 * If one half stays, one store of the other is enough. Otherwise the entry must not be
 * present while the halves do not fit: take P away if it is there, store the upper half,
 * and the lower half last. An entry that goes gets its last lower half at once.
 *
 * Alternatives: one `cmpxchg8b`, which stores 8 bytes at once; Linux has it as
 * `set_pte_atomic`. Xen emulates that as well. Linux's `set_pte` stores high, then low,
 * and says in a comment that the old entry must not be present; `set_pte_present` has
 * three stores, as here where both halves change. Xen 3.1 meant to rescue an entry that
 * is written upper half first, and never did (4730f50174).
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
  let lo = old.lo; // what the lower half is now
  if (old.hi !== wanted.hi) {
    if (lo !== wanted.lo && (lo & P) !== 0) {
      lo = (wanted.lo & P) !== 0 ? 0 : wanted.lo;
      store("lo", lo);
    }
    store("hi", wanted.hi);
  }
  if (lo !== wanted.lo) store("lo", wanted.lo);
  // End of your lines.
}
