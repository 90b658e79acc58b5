/**
 * The intent: how every page of lowmem should be mapped. It is computed from the machine, never from the strategy that built the tables.
 *
 * @module
 */

import { type Check, flag, frameNumber, instance, integer, list, shape } from "../check.ts";
import type { Guest } from "./guest.ts";

/** Consecutive pages of lowmem with the same intent. Each should be mapped to its own frame, for the supervisor only. */
export interface IntendedRange {
  /** Pfn of the first page, which belongs at PAGE_OFFSET + pfn * 4096. */
  readonly firstPfn: number;
  /** Number of 4K pages. */
  readonly pages: number;
  /** Whether they should be writable: all but page tables, descriptor tables and `empty_zero_page` under Xen. Text is, in 2007. */
  readonly writable: boolean;
  /** Whether they should be executable: from PAGE_OFFSET to `__init_end`, or everywhere without NX. */
  readonly executable: boolean;
  /** Whether they should be global: when the kernel sees PGE. */
  readonly global: boolean;
  /** Whether they should be mapped by large pages: when the kernel sees PSE. */
  readonly large: boolean;
}

/**
 * The intent of a guest's lowmem.
 *
 * @param guest The guest.
 * @returns Ranges that cover pfn 0 to `lowmemPages` - 1 without a gap.
 *
 * Source: Linux 2.6.21, arch/i386/mm/init.c, `kernel_physical_mapping_init` and `is_kernel_text`; the Xen 3.1 contract, that no frame
 * is a page table and mapped writable at once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { intendedRanges } from "@pagetable-init/textbook/audit";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const [whole] = intendedRanges(machine.guest);
 * assertEquals([whole?.pages, whole?.writable, whole?.large], [0x4000, true, true]);
 * ```
 */
export function intendedRanges(guest: Guest): IntendedRange[] {
  guestShape(guest, "guest");
  const { lowmemPages, executablePages, firstExecutablePage, features } = guest;
  const readOnly = sortedPfns(guest.readOnly);
  const textBounds = features.nx ? [firstExecutablePage, executablePages] : [];
  const ranges: IntendedRange[] = [];
  for (const [firstPfn, end] of intervals(lowmemPages, [...textBounds, ...boundaries(readOnly)])) {
    const writable = !guest.readOnly.has(firstPfn);
    const isText = firstPfn >= firstExecutablePage && firstPfn < executablePages;
    const executable = !features.nx || isText;
    ranges.push({ firstPfn, pages: end - firstPfn, writable, executable, global: features.pge, large: features.pse });
  }
  return ranges;
}

/**
 * A set of pfns in ascending order.
 *
 * @param pfns The set.
 * @returns Its members.
 */
export function sortedPfns(pfns: ReadonlySet<number>): Int32Array {
  return Int32Array.from(pfns).sort();
}

/** Where stretches of consecutive pfns begin and end. */
function boundaries(sorted: Int32Array): number[] {
  const found: number[] = [];
  for (const [i, pfn] of sorted.entries()) {
    if (sorted[i - 1] !== pfn - 1) found.push(pfn);
    if (sorted[i + 1] !== pfn + 1) found.push(pfn + 1);
  }
  return found;
}

/** The parts into which cuts divide 0 to `end`. */
function intervals(end: number, cuts: readonly number[]): (readonly [number, number])[] {
  const inside = cuts.filter((cut) => cut > 0 && cut < end);
  const starts = [...new Set([0, ...inside])].sort((a, b) => a - b);
  return starts.map((start, i) => [start, starts[i + 1] ?? end] as const).filter(([start, stop]) => start < stop);
}

/** The check of an intent. */
export const intentShape: Check = list(shape("a range of an intent (IntendedRange)", {
  firstPfn: frameNumber,
  pages: frameNumber,
  writable: flag,
  executable: flag,
  global: flag,
  large: flag,
}));

const guestShape: Check = shape("a kernel on its machine (Guest)", {
  lowmemPages: integer(0, 2 ** 40),
  executablePages: integer(0, 2 ** 40),
  firstExecutablePage: integer(0, 2 ** 40),
  features: shape("CPU features", { pse: flag, pge: flag, nx: flag }),
  readOnly: instance(Set, "a set of pfns"),
});
