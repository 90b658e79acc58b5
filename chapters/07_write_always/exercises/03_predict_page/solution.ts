/**
 * A solution.
 *
 * Anything that is in use as something other than a writable page cannot be had writable.
 * Page tables are the usual case; frames of the descriptor table are another.
 *
 * Alternatives: ask Xen itself, by mapping each page writable somewhere and undoing it;
 * that costs two hypercalls a page and leaves an error in the log for each table. To be
 * told the type by a hypercall was for control tools alone.
 *
 * @module
 */

import type { FrameTable } from "@pagetable-init/textbook/xen";

const WRITABLE = 7 << 29; // the type of a page that is, or was last, mapped writable

export function predictPage(
  frames: FrameTable,
  p2m: ArrayLike<number>,
): number | undefined {
  // Your lines: about five.
  for (let pfn = 0; pfn < p2m.length; pfn++) {
    const { type, typeCount } = frames.at(p2m[pfn] ?? 0);
    if (typeCount > 0 && type !== WRITABLE) return pfn;
  }
  return undefined;
  // End of your lines.
}
