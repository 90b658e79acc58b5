/**
 * The memory map: the usable pages that the firmware or the host reports to the kernel.
 *
 * @module
 */

import { type Check, checkArguments, integer, list, oneOf, pageRange } from "../check.ts";

/** Pages `first` to `end` - 1. */
export interface PageRun {
  /** First pfn. */
  readonly first: number;
  /** pfn after the last. */
  readonly end: number;
}

/**
 * The source of the memory map: a PC's firmware, whose map leaves out 640K to 1M, or a host, which gives its guest one range.
 */
export type MemoryMapKind = "pc" | "one-range";

/** First page that a PC's firmware keeps. The extended BIOS data area is the last 1K below 640K, and makes its whole page unusable. */
const PC_LOW_END = 0x9f;
const PC_HIGH_START = 0x100;

/** The check of the ranges that a memory map leaves out. */
export const reservedRanges: Check = list(pageRange("a range of pages: first and end"));

/**
 * The usable pages of a machine. Only whole pages count.
 *
 * @param kind The source of the memory map.
 * @param memoryBytes Bytes of memory.
 * @param reserved Pages that the map leaves out as well; none unless said otherwise.
 * @returns The ranges, in ascending order.
 *
 * Source: Linux 2.6.22 arch/i386/kernel/setup.c, `register_bootmem_low_pages`; the map of a PC with its extended BIOS data area at 0x9fc00.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { usablePages } from "@pagetable-init/textbook/kernel";
 *
 * assertEquals(usablePages("pc", 2 ** 26), [{ first: 0, end: 0x9f }, { first: 0x100, end: 0x4000 }]);
 * assertEquals(usablePages("one-range", 2 ** 24, [{ first: 8, end: 16 }]), [{ first: 0, end: 8 }, { first: 16, end: 0x1000 }]);
 * ```
 */
export function usablePages(
  kind: MemoryMapKind,
  memoryBytes: number,
  reserved: readonly PageRun[] = [],
): readonly PageRun[] {
  checkArguments(PARAMETERS, [kind, memoryBytes, reserved]);
  const all = [{ first: 0, end: Math.floor(memoryBytes / 4096) }];
  const kept = kind === "pc" ? [{ first: PC_LOW_END, end: PC_HIGH_START }, ...reserved] : reserved;
  return kept.reduce(without, all);
}

/** Ranges without the pages of another one. */
function without(ranges: readonly PageRun[], { first, end }: PageRun): PageRun[] {
  return ranges.flatMap((range) => [
    { first: range.first, end: Math.min(range.end, first) },
    { first: Math.max(range.first, end), end: range.end },
  ]).filter((range) => range.first < range.end);
}

const PARAMETERS = { kind: oneOf("pc", "one-range"), memoryBytes: integer(0, 2 ** 52), reserved: reservedRanges };
