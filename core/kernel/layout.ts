/**
 * The layout of the kernel's linear address space and image, by platform and memory size.
 *
 * @module
 */

import { deepFreeze } from "../frozen.ts";
import { modeShape } from "../mmu/shapes.ts";
import { checkArguments, integer, number, optional, options, shape } from "../check.ts";
import type { Mode } from "../mmu/mod.ts";
import { configShape, DEFAULT_CONFIG, type FixmapSlots, fixmapSlots, type KernelConfig } from "./config.ts";
import { type MemoryMapKind, type PageRun, reservedRanges, usablePages } from "./memory_map.ts";

/** The numbers of a platform that determine a layout. */
export interface AddressSpace {
  /** PAGE_OFFSET, low word. */
  readonly pageOffset: number;
  /** Highest fixmap address: `__FIXADDR_TOP` (minus the reserve at the top, minus 4096). */
  readonly fixaddrTop: number;
  /** Most bytes of lowmem: MAXMEM. */
  readonly maxLowmem: number;
  /** Whether there is a window for high memory (`PKMAP_BASE`): 32-bit kernels only. */
  readonly pkmap: boolean;
  /** The source of the kernel's memory map: a PC's firmware, or the host. */
  readonly memoryMap: MemoryMapKind;
}

/**
 * Address spaces, by name.
 *
 * Source: facts of Linux 2.6.22 and 2.6.23 on i386: `reserve_top_address` takes 0x0A802000 (Xen PAE) or 0x04002000 (Xen two-level) from the top. The
 * lguest row leaves the top 4M to the host's switcher. The long-mode row is our own choice: a 64-bit kernel of the old shape, with lowmem at the
 * address where today's domain builder puts the template.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ADDRESS_SPACES } from "@pagetable-init/textbook/kernel";
 *
 * assertEquals(ADDRESS_SPACES.native.maxLowmem / 2 ** 20, 896);
 * ```
 */
export const ADDRESS_SPACES: {
  readonly native: AddressSpace;
  readonly xen2Level: AddressSpace;
  readonly xenPae: AddressSpace;
  readonly lguest: AddressSpace;
  readonly long: AddressSpace;
} = deepFreeze({
  native: {
    pageOffset: 0xc000_0000,
    fixaddrTop: 0xffff_f000,
    maxLowmem: 0x3800_0000,
    pkmap: true,
    memoryMap: "pc",
  },
  xen2Level: {
    pageOffset: 0xc000_0000,
    fixaddrTop: 0xfbff_d000,
    maxLowmem: 0x33ff_e000,
    pkmap: true,
    memoryMap: "one-range",
  },
  xenPae: {
    pageOffset: 0xc000_0000,
    fixaddrTop: 0xf57f_d000,
    maxLowmem: 0x2d7f_e000,
    pkmap: true,
    memoryMap: "one-range",
  },
  lguest: {
    pageOffset: 0xc000_0000,
    fixaddrTop: 0xffbf_f000,
    maxLowmem: 0x37c0_0000,
    pkmap: true,
    memoryMap: "one-range",
  },
  long: {
    pageOffset: 0x8000_0000,
    fixaddrTop: 0xff5f_e000,
    maxLowmem: 0x3800_0000,
    pkmap: false,
    memoryMap: "one-range",
  },
});

/** Bytes before `_end` that hold `.bss`, which begins at `__init_end`; the size is this kernel's own. */
const BSS_BYTES = 0x8_0000;

/** Layout of one kernel on one machine. Addresses are low words of linear addresses; pfns are page numbers. */
export interface Layout extends Omit<AddressSpace, "memoryMap"> {
  /** The configuration. */
  readonly config: KernelConfig;
  /** Pages that are memory. */
  readonly usable: readonly PageRun[];
  /** Pages of lowmem: `max_low_pfn`. */
  readonly maxLowPfn: number;
  /** Physical address of `_end`. */
  readonly kernelEnd: number;
  /** Physical address of `__init_end`, where `.bss.page_aligned` begins. */
  readonly initEnd: number;
  /** Physical address of `_text`. */
  readonly textStart: number;
  /** pfns of the page-aligned tables in `.bss`. */
  readonly image: { readonly swapperPgDir: number; readonly emptyZeroPage: number };
  /** Slots of the fixmap. */
  readonly fixmap: FixmapSlots;
  /** First address of the fixmap's page table: `page_table_range_init` starts here. */
  readonly fixmapStart: number;
  /** Whether there is a window for high memory. */
  readonly pkmap: boolean;
  /** `PKMAP_BASE`. */
  readonly pkmapBase: number;
  /** Entries of the high-memory window: `LAST_PKMAP`. */
  readonly lastPkmap: number;
}

/** Addresses of a kernel's build; those left out get this kernel's own values. */
export interface KernelBuild {
  /** Physical address of `__init_end`, a multiple of 4096: `.bss` begins there. */
  readonly initEnd?: number | undefined;
  /** pfn of `swapper_pg_dir`; the zero page is the next. By default the page at `__init_end`. */
  readonly swapperPgDir?: number | undefined;
  /** Physical address of `_text`; 1M by default. */
  readonly textStart?: number;
  /** The kernel's configuration; `DEFAULT_CONFIG` unless said otherwise. */
  readonly config?: KernelConfig;
  /** Pages that the memory map leaves out beside those that its kind leaves out; none by default. */
  readonly reserved?: readonly PageRun[];
}

/** Physical address where the kernel image begins: `_text`, unless the configuration says otherwise. */
export const KERNEL_START = 0x10_0000;

/**
 * The layout of a kernel.
 *
 * @param space The platform's address space.
 * @param mode Format of the kernel's page tables.
 * @param memoryBytes Memory of the machine; what exceeds MAXMEM is high memory and not mapped.
 * @param kernelEnd Physical address of `_end`, a multiple of 4096, at least 2M.
 * @param build Further addresses of the kernel's build.
 * @returns The layout.
 * @throws {RangeError} If `kernelEnd` is out of range.
 *
 * Source: Linux 2.6.22 arch/i386/kernel/vmlinux.lds.S, include/asm-i386/fixmap.h and highmem.h.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MODES } from "@pagetable-init/textbook";
 * import { ADDRESS_SPACES, layoutOf } from "@pagetable-init/textbook/kernel";
 *
 * const layout = layoutOf(ADDRESS_SPACES.native, MODES.pae, 64 * 2 ** 20, 0x500000);
 * assertEquals(layout.maxLowPfn, 0x4000);
 * assertEquals(layout.image.swapperPgDir, 0x480);
 * ```
 */
export function layoutOf(
  space: AddressSpace,
  mode: Mode,
  memoryBytes: number,
  kernelEnd: number,
  build: KernelBuild = {},
): Layout {
  checkArguments(PARAMETERS, [space, mode, memoryBytes, kernelEnd, build]);
  if (kernelEnd % 4096 !== 0 || kernelEnd < 0x20_0000 || kernelEnd > memoryBytes / 2) {
    throw new RangeError(
      `Expected the end of the kernel to be a multiple of 4096 from 0x200000 to half of memory but found 0x${
        kernelEnd.toString(16)
      }`,
    );
  }
  const { initEnd = kernelEnd - BSS_BYTES, config = DEFAULT_CONFIG } = build;
  const { swapperPgDir = initEnd / 4096, textStart = KERNEL_START, reserved = [] } = build;
  const { pageOffset, fixaddrTop, maxLowmem, memoryMap } = space;
  const fixmap = fixmapSlots(config);
  const pmdMask = -pmdSize(mode);
  const lastPkmap = mode.entryWords === 1 ? 1024 : 512;
  const fixmapFirst = fixaddrTop - (fixmap.count - 1) * 4096;
  // Each field is copied by name. An object from a rest pattern gets a new hidden class at every boot, and V8 then compiles the kernel again.
  return {
    pageOffset,
    fixaddrTop,
    maxLowmem,
    pkmap: space.pkmap && config.highmem,
    config,
    usable: usablePages(memoryMap, memoryBytes, reserved),
    maxLowPfn: Math.min(memoryBytes, maxLowmem) / 4096,
    kernelEnd,
    initEnd,
    textStart,
    image: { swapperPgDir, emptyZeroPage: swapperPgDir + 1 },
    fixmap,
    fixmapStart: (fixmapFirst & pmdMask) >>> 0,
    pkmapBase: ((fixmapFirst - 4096 * (lastPkmap + 1)) & pmdMask) >>> 0,
    lastPkmap,
  };
}

/**
 * Bytes that one entry of the level above the leaves covers: PMD_SIZE.
 *
 * @param mode Paging mode.
 * @returns 4M in two-level paging, else 2M.
 */
export function pmdSize(mode: Mode): number {
  return 1 << (mode.levels[mode.levels.length - 2]?.shift ?? 22);
}

/**
 * Linear address of a fixmap slot: `__fix_to_virt`.
 *
 * @param layout The layout.
 * @param slot Slot 0 is the highest.
 * @returns Low word of the address.
 */
export function fixToVirt(layout: { readonly fixaddrTop: number }, slot: number): number {
  return layout.fixaddrTop - slot * 4096;
}

const PARAMETERS = {
  space: shape("an address space (ADDRESS_SPACES)", { pageOffset: number, fixaddrTop: number, maxLowmem: number }),
  mode: modeShape,
  memoryBytes: integer(4096, 2 ** 52, 4096),
  kernelEnd: number,
  build: options("layoutOf", {
    initEnd: optional(number),
    swapperPgDir: optional(number),
    textStart: optional(number),
    config: optional(configShape),
    reserved: optional(reservedRanges),
  }),
};
