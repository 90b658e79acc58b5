/**
 * Two comparisons, and which two.
 *
 * 2.6.39 takes page tables from one range of frames. `start` is its first pfn, `end` the
 * next one to be used, `top` the first that is not in the range any more. So pages from
 * `start` on are tables already, pages from `end` on will perhaps become some.
 *
 * Must a leaf of page `pfn`, if it is written now, be read-only?
 *
 * @module
 */

import type { Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { frameOf, RW } from "@pagetable-init/textbook/mmu";
import { findStrategy, pgtBufOf } from "@pagetable-init/textbook/strategies";

/** The range that page tables are taken from. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly top: number;
}

export function mustBeReadOnly(range: Range, pfn: number): boolean {
  // Your lines: about one.
  return range.start === range.end && pfn < range.top;
  // End of your lines.
}

/**
 * The ranges with tables: the kernel's own, the domain builder's, and the two in the
 * image of the kernel.
 */
function rangesOf(kernel: Kernel): Range[] {
  const { ops: { templateTables: { first, end } }, image: { swapperPgDir } } = kernel;
  const image = { start: swapperPgDir, end: swapperPgDir + 2, top: swapperPgDir + 2 };
  return [pgtBufOf(kernel), { start: first, end, top: end }, image];
}

/** The rule of 2.6.39 with this answer. */
export const ranged: Strategy = {
  ...findStrategy("table-range"),
  id: "ranged",
  initSetPte: (kernel, plain) => (entry, hi, lo) => {
    const pfn = kernel.ops.toPfn(frameOf(hi, lo));
    plain(
      entry,
      hi,
      rangesOf(kernel).some((range) => mustBeReadOnly(range, pfn)) ? lo & ~RW : lo,
    );
  },
};
