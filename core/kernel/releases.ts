/**
 * The differences between the kernel releases of the debate, as rows.
 *
 * @module
 */

import { deepFreeze } from "../frozen.ts";

/**
 * The facts about one kernel release that shape its first page tables.
 *
 * @category Types
 */
export interface KernelRelease {
  /** Linux version; the row holds up to the next row's. */
  readonly version: string;
  /** Bytes that head.S maps beyond the end of its own tables (`INIT_MAP_BEYOND_END`), by words an entry of the kernel's mode. */
  readonly initMapBeyondEnd: { readonly 1: number; readonly 2: number };
  /** Whether `pagetable_init` calls `paravirt_pagetable_setup_start` and `_done` (commit b239fb250111). */
  readonly setupHooks: boolean;
  /** Whether the test for kernel text looks at each page, or only at the first of a page table (trap T20). */
  readonly textTestPerPage: boolean;
  /** Where `is_kernel_text` begins: at PAGE_OFFSET, despite its name (trap T18), or at `_text`. */
  readonly textFrom: "PAGE_OFFSET" | "_text";
  /**
   * Whether the first large page, which mixes memory types, is mapped by 4K pages, and lowmem that does not fill the last one too (commit f5c24a7fd079).
   */
  readonly smallEnds: boolean;
  /** How often a range of lowmem is written: once, or first with the flags that the boot tables have, then with its own. */
  readonly passes: 1 | 2;
  /**
   * Whether the kernel can borrow a leaf to reach a page that no entry maps yet, and its alloc hook skips such a page. Kernels of 2007 could not;
   * the record of 2.6.27 (2008) has it, by the name of `early_ioremap`.
   */
  readonly earlyIoremap: boolean;
  /** Whether a pmd page of a PAE kernel is allocated even if there is one. */
  readonly alwaysNewPmd: boolean;
}

/** Ids of the rows of `KERNEL_RELEASES`. */
export type KernelVersion = "2.6.21" | "2.6.22" | "2.6.27" | "2.6.32" | "3.16";

/** The fields in which all releases of the debate agree. */
const OF_THE_TIME = {
  textFrom: "PAGE_OFFSET",
  smallEnds: false,
  passes: 1,
  earlyIoremap: false,
} as const;
/** head.S of 2.6.22 and later maps enough for the tables of all lowmem. */
const ENOUGH = { 1: 0x42_4000, 2: 0x82_8000 };

/**
 * The kernels: the release of three days before the mail, the one that resulted from the debate, and later ones with the same function.
 *
 * Source: Linux arch/i386/kernel/head.S and arch/i386/mm/init.c at 2.6.21 and 2.6.22; of the later ones, recorded boots of 2.6.27, 2.6.32, 3.2 and 3.16.
 * A row holds for all releases up to the next row. Between two recorded releases a change may have come earlier; its place is our choice.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KERNEL_RELEASES } from "@pagetable-init/textbook/kernel";
 *
 * assertEquals(KERNEL_RELEASES["2.6.21"].setupHooks, false);
 * ```
 * @category Facts
 */
export const KERNEL_RELEASES: { readonly [version in KernelVersion]: KernelRelease } = deepFreeze({
  "2.6.21": {
    ...OF_THE_TIME,
    version: "2.6.21",
    initMapBeyondEnd: { 1: 0x2_0000, 2: 0x2_0000 },
    setupHooks: false,
    textTestPerPage: false,
    alwaysNewPmd: true,
  },
  "2.6.22": {
    ...OF_THE_TIME,
    version: "2.6.22",
    initMapBeyondEnd: ENOUGH,
    setupHooks: true,
    textTestPerPage: true,
    alwaysNewPmd: false,
  },
  "2.6.27": later("2.6.27", { smallEnds: true }),
  "2.6.32": later("2.6.32", { smallEnds: true, passes: 2 }),
  "3.16": later("3.16", { smallEnds: true, passes: 2, textFrom: "_text" }),
});

function later(
  version: string,
  differs: Partial<Pick<KernelRelease, "smallEnds" | "passes" | "textFrom">>,
): KernelRelease {
  const merged = { ...OF_THE_TIME, earlyIoremap: true, setupHooks: true, textTestPerPage: true, alwaysNewPmd: false };
  return { ...merged, version, initMapBeyondEnd: ENOUGH, ...differs };
}
