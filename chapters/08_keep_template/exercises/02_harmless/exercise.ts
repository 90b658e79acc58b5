/**
 * Tell harmless from harmful.
 *
 * Xen counts how often each frame is mapped at all, and how often writable. When a
 * last-level entry changes, it must drop what the old entry counted for and take what the
 * new one does. But many changes alter neither count, and then Xen can write the new
 * entry at once. Return whether a change is of that kind.
 *
 * An entry without `P` counts for nothing, whatever else is in it. The frame number is in
 * bits 12 to 31 of `lo` and in bits 0 to 19 of `hi`. All other bits are flags. (That the
 * flags are allowed at all is checked elsewhere.)
 *
 * @module
 */

import { P, RW } from "@pagetable-init/textbook/mmu";

/** The two words of a PAE entry. */
export interface Entry {
  readonly lo: number;
  readonly hi: number;
}

export function isHarmless(old: Entry, wanted: Entry): boolean {
  // Your lines: about four.
  return old.lo === wanted.lo && old.hi === wanted.hi;
  // End of your lines.
}
