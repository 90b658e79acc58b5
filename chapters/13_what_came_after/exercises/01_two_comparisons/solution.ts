/**
 * A solution.
 *
 * Alternatives: `start <= pfn && pfn < top` in whichever order; or one comparison of
 * unsigned numbers, `(pfn - start) >>> 0 < top - start`, which compilers make of the two.
 * Linux 2.6.39 compared with `pgt_buf_end` and `pgt_buf_top` in more than one way over
 * its life, with an exception for the page that is just being allocated, which must be
 * writable to be cleared.
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
  return pfn >= range.start && pfn < range.top;
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
