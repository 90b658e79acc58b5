/**
 * The layout of a paravirtual guest's initial region, as the domain builder makes it.
 *
 * @module
 */

import type { Linear, Mode } from "../mmu/mod.ts";
import type { BuilderRow } from "./contract.ts";

/** The options of the domain builder. */
export interface BuildOptions {
  /** Physical (pfn-based) address of the end of the kernel image, a multiple of 4096; 5M unless said otherwise. */
  readonly kernelEnd?: number;
  /** Bytes of the initial ramdisk; none unless said otherwise. */
  readonly ramdiskBytes?: number;
  /** Minimum bytes of the region; a longer region makes a larger template. */
  readonly minimumMappedBytes?: number;
}

/** The initial region, in pfns. Linear address of a pfn: `virtBase` + pfn * 4096. */
export interface StartInfo {
  /** Linear address of pfn 0. */
  readonly virtBase: Linear;
  /** `nr_pages`. */
  readonly nrPages: number;
  /** First pfn of the ramdisk (`mod_start`); equal to `mfnList` if there is none. */
  readonly ramdisk: number;
  /** First pfn of the p2m (`mfn_list`). */
  readonly mfnList: number;
  /** Pages of the p2m. */
  readonly mfnListPages: number;
  /** pfn of the `start_info` page. */
  readonly startInfo: number;
  /** pfn of the xenstore page. */
  readonly xenstore: number;
  /** pfn of the console page. */
  readonly console: number;
  /** pfns of the page tables, root first, then level by level. */
  readonly pageTables: readonly number[];
  /** pfn of the root: `pt_base`. */
  readonly ptBase: number;
  /** `nr_pt_frames`. */
  readonly nrPtFrames: number;
  /** pfn of the boot stack. */
  readonly bootStack: number;
  /** Pages that are mapped, from pfn 0 on. */
  readonly mappedPages: number;
  /** Machine frame of the root: what CR3 holds. */
  readonly cr3Mfn: number;
  /** Machine frame of `shared_info`. It has no pfn. */
  readonly sharedInfoMfn: number;
}

/** The region in pfns only, before its machine frames are known. */
export type Region = Omit<StartInfo, "cr3Mfn" | "sharedInfoMfn" | "virtBase" | "nrPages"> & {
  /** Tables of each level, L1 first. */
  readonly tablesPerLevel: readonly number[];
};

const PADDING_PAGES = 128;
const STACK_PAGES = 1;
/** The region ends on a boundary of 4M. */
const ALIGN_PAGES = 1024;

/**
 * Lays out the initial region: kernel, ramdisk, p2m, start_info, xenstore, console, page tables, stack, at least 512K of padding up to a multiple of 4M.
 *
 * @param mode The guest's paging mode.
 * @param row The builder's numbers.
 * @param nrPages Pages of the domain.
 * @param options Where the kernel ends, the ramdisk, and the minimum size.
 * @returns The region.
 * @throws {RangeError} If an option is no multiple of a page, or the region does not fit the domain.
 *
 * Source: Xen 3.1, tools/libxc/xc_dom_x86.c and xc_dom_core.c; the same in 4.17, tools/libs/guest/xg_dom_x86.c.
 */
export function layOutRegion(mode: Mode, row: BuilderRow, nrPages: number, options: BuildOptions): Region {
  const ramdisk = wholePages("kernelEnd", options.kernelEnd ?? 0x50_0000);
  const mfnList = ramdisk + Math.ceil((options.ramdiskBytes ?? 0) / 4096);
  const mfnListPages = Math.ceil(nrPages * row.p2mBytes / 4096);
  const startInfo = mfnList + mfnListPages;
  const ptBase = startInfo + 3;
  const minimum = Math.ceil((options.minimumMappedBytes ?? 0) / 4096);
  const { mappedPages, tablesPerLevel } = countTables(mode, row, ptBase, minimum);
  const nrPtFrames = tablesPerLevel.reduce((sum, tables) => sum + tables, 0);
  if (mappedPages > nrPages) {
    throw new RangeError(
      `Expected a domain of at least ${mappedPages} pages (its initial region) but found ${nrPages}`,
    );
  }
  return {
    ramdisk,
    mfnList,
    mfnListPages,
    startInfo,
    xenstore: startInfo + 1,
    console: startInfo + 2,
    pageTables: Array.from({ length: nrPtFrames }, (_, i) => ptBase + i),
    ptBase,
    nrPtFrames,
    bootStack: ptBase + nrPtFrames,
    mappedPages,
    tablesPerLevel,
  };
}

/** The tables lie in the region that they map, so their number is found by repetition: first with none, then with the last result, until it is stable. */
function countTables(
  mode: Mode,
  row: BuilderRow,
  ptBase: number,
  minimum: number,
): Pick<Region, "mappedPages" | "tablesPerLevel"> {
  for (let tables = 0;;) {
    const needed = ptBase + tables + STACK_PAGES + PADDING_PAGES;
    const aligned = Math.floor(needed / ALIGN_PAGES) * ALIGN_PAGES + ALIGN_PAGES;
    const mappedPages = Math.max(aligned, Math.ceil(minimum / ALIGN_PAGES) * ALIGN_PAGES);
    const tablesPerLevel = tablesFor(mode, row.virtBase, mappedPages);
    tables = tablesPerLevel.reduce((sum, count) => sum + count, 0);
    if (ptBase + tables + STACK_PAGES + PADDING_PAGES <= mappedPages) return { mappedPages, tablesPerLevel };
  }
}

/** Tables of each level, L1 first, that a region from `virtBase` on needs. */
function tablesFor(mode: Mode, virtBase: Linear, pages: number): number[] {
  const first = virtBase.lo / 4096;
  return [...mode.levels].reverse().map(({ shift, bits }) => {
    const span = 2 ** (shift - 12 + bits);
    return Math.floor((first + pages - 1) / span) - Math.floor(first / span) + 1;
  });
}

function wholePages(name: string, bytes: number): number {
  if (!Number.isInteger(bytes) || bytes <= 0 || bytes % 4096 !== 0) {
    throw new RangeError(`Expected ${name} to be a positive multiple of 4096 but found ${bytes}`);
  }
  return bytes / 4096;
}
