/**
 * The part of the kernel configuration that decides the place of the first page tables.
 *
 * @module
 */

import { type Check, flag, integer, shape } from "../check.ts";
/** Configuration of one kernel build. */
export interface KernelConfig {
  /** `CONFIG_HIGHMEM`: whether there is a window for high memory, which needs a page table. A 64-bit kernel has none. */
  readonly highmem: boolean;
  /** Fixmap slots that stay (`__end_of_permanent_fixed_addresses`). Local APIC, I/O APICs, ACPI and `kmap_atomic` decide their number. */
  readonly permanentFixmapSlots: number;
  /** Number of pages from pfn 1 on that are taken before `paging_init`: the trampoline of `CONFIG_SMP`, the wakeup code of ACPI sleep. */
  readonly lowPagesTaken: number;
}

/**
 * The configuration that the book boots unless it says otherwise: one CPU, with high memory. The number of slots is our own choice; all that fit
 * one page table give the same tables.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DEFAULT_CONFIG } from "@pagetable-init/textbook/kernel";
 *
 * assertEquals([DEFAULT_CONFIG.highmem, DEFAULT_CONFIG.lowPagesTaken], [true, 0]);
 * ```
 */
export const DEFAULT_CONFIG: KernelConfig = Object.freeze({
  highmem: true,
  permanentFixmapSlots: 47,
  lowPagesTaken: 0,
});

/** Slots behind the permanent ones that serve at boot only: `NR_FIX_BTMAPS`. */
const BOOT_MAPS = 16;

/** Fixmap slots of a configuration, by name. Slot 0 is the highest address. */
export interface FixmapSlots {
  /** A hypervisor's shared page at boot: `FIX_PARAVIRT_BOOTMAP` (commit 90caccb9758e), the last permanent slot here. */
  readonly paravirtBootmap: number;
  /** The test that CR0.WP works: `FIX_WP_TEST`, behind the boot-time ones. */
  readonly wpTest: number;
  /** Number of slots: `__end_of_fixed_addresses`. */
  readonly count: number;
}

/**
 * The fixmap slots of a configuration.
 *
 * @param config The configuration.
 * @returns The slots.
 *
 * Source: Linux 2.6.20 to 2.6.23 include/asm-i386/fixmap.h, `enum fixed_addresses`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DEFAULT_CONFIG, fixmapSlots } from "@pagetable-init/textbook/kernel";
 *
 * // A kernel with three permanent slots tests WP in the slot behind them and the 16 of `bt_ioremap`.
 * assertEquals(fixmapSlots({ ...DEFAULT_CONFIG, permanentFixmapSlots: 3 }).wpTest, 19);
 * ```
 */
export function fixmapSlots(config: KernelConfig): FixmapSlots {
  configShape(config, "config");
  const { permanentFixmapSlots } = config;
  const wpTest = permanentFixmapSlots + BOOT_MAPS;
  return { paravirtBootmap: permanentFixmapSlots - 1, wpTest, count: wpTest + 1 };
}

/** A configuration that a caller brings. */
export const configShape: Check = shape("the configuration of a kernel (DEFAULT_CONFIG)", {
  highmem: flag,
  permanentFixmapSlots: integer(1, 1000),
  lowPagesTaken: integer(0, 0x90),
});
