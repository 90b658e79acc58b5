/**
 * Combine the rights of a walk.
 *
 * `steps` is what `explain` read: an entry a level, root first, each with its two words
 * `lo` and `hi` and its `level`. Say what the walk as a whole allows.
 *
 * A walk may have two, three or four entries. All of them count but the PDPTE of PAE,
 * which has no rights: `level.rights` is false there, and true everywhere else.
 *
 * @module
 */

import type { Step } from "@pagetable-init/textbook";
import { NX, RW, US } from "@pagetable-init/textbook/mmu";

/** What a walk allows. */
export interface Rights {
  readonly write: boolean;
  readonly user: boolean;
  readonly execute: boolean;
}

export function effectiveRights(steps: readonly Step[]): Rights {
  // Your lines: about four.
  const { lo, hi } = steps.at(-1) ?? { lo: 0, hi: 0 };
  return { write: (lo & RW) !== 0, user: (lo & US) !== 0, execute: (hi & NX) === 0 };
  // End of your lines.
}
