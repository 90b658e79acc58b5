/**
 * Predict the page.
 *
 * `write-always` is about to map all of memory writable, page by page, in the order of
 * pfns. You have Xen's frame table as it is at that moment. Return the first pfn at which
 * Xen will refuse, or undefined if it will not.
 *
 * `frames.at(mfn)` is a row of the table: `type` (0 for none), `typeCount`, `count` and
 * more. `p2m[pfn]` is the machine frame of a page; the machine has more frames than the
 * guest has pages.
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
  for (let mfn = 0; mfn < frames.length; mfn++) {
    if (frames.at(mfn).tableLevel > 0) return mfn;
  }
  return undefined;
  // End of your lines.
}
