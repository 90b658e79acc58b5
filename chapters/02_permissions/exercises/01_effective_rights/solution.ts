/**
 * A solution.
 *
 * Alternatives: AND all low words, OR all high words, and look at three bits once, as the
 * fast walker does (`packRights`); it drops the levels without rights beforehand. A loop
 * that takes rights away, as `explain` does, costs more and can say which level was to
 * blame.
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
  const counted = steps.filter(({ level }) => level.rights);
  const write = counted.every(({ lo }) => (lo & RW) !== 0);
  const user = counted.every(({ lo }) => (lo & US) !== 0);
  return { write, user, execute: counted.every(({ hi }) => (hi & NX) === 0) };
  // End of your lines.
}
