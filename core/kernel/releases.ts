/**
 * What differs between the kernels of the debate, as rows.
 *
 * @module
 */

/** One kernel release, as far as its first page tables are concerned. */
export interface KernelRelease {
  /** Version. */
  readonly version: string;
  /** Bytes that head.S maps beyond the end of its own tables (`INIT_MAP_BEYOND_END`), by words an entry of the kernel's mode. */
  readonly initMapBeyondEnd: { readonly 1: number; readonly 2: number };
  /** Whether `pagetable_init` calls `paravirt_pagetable_setup_start` and `_done` (commit b239fb250111). */
  readonly setupHooks: boolean;
  /** Whether the test for kernel text looks at each page, or only at the first of a page table (trap T20). */
  readonly textTestPerPage: boolean;
  /** Whether a pmd page of a PAE kernel is allocated even if there is one. */
  readonly alwaysNewPmd: boolean;
}

/**
 * The two kernels: as released three days before the mail, and as it came out of the debate.
 *
 * Source: Linux arch/i386/kernel/head.S and arch/i386/mm/init.c at 2.6.21 and 2.6.22.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KERNEL_RELEASES } from "@pagetable-init/textbook";
 *
 * assertEquals(KERNEL_RELEASES["2.6.21"].setupHooks, false);
 * ```
 */
export const KERNEL_RELEASES: { readonly "2.6.21": KernelRelease; readonly "2.6.22": KernelRelease } = Object.freeze({
  "2.6.21": Object.freeze({
    version: "2.6.21",
    initMapBeyondEnd: Object.freeze({ 1: 0x2_0000, 2: 0x2_0000 }),
    setupHooks: false,
    textTestPerPage: false,
    alwaysNewPmd: true,
  }),
  "2.6.22": Object.freeze({
    version: "2.6.22",
    initMapBeyondEnd: Object.freeze({ 1: 0x42_4000, 2: 0x82_8000 }),
    setupHooks: true,
    textTestPerPage: true,
    alwaysNewPmd: false,
  }),
});
