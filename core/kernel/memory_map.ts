/**
 * The memory map: the usable pages that the firmware or the host reports to the kernel.
 *
 * @module
 */

import { checkArguments, integer, oneOf } from "../check.ts";
/** Pages `first` to `end` - 1 are usable memory. */
export interface UsablePages {
  /** pfn of the first page. */
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

/**
 * The usable pages of a machine. Only whole pages count.
 *
 * @param kind The source of the memory map.
 * @param memoryBytes Bytes of memory.
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
 * ```
 */
export function usablePages(kind: MemoryMapKind, memoryBytes: number): readonly UsablePages[] {
  checkArguments({ kind: oneOf("pc", "one-range"), memoryBytes: integer(0, 2 ** 52) }, [kind, memoryBytes]);
  const end = Math.floor(memoryBytes / 4096);
  if (kind === "one-range") return [{ first: 0, end }];
  return [{ first: 0, end: PC_LOW_END }, { first: PC_HIGH_START, end }];
}
