/**
 * The boundary of 2007: the page-table part of `struct paravirt_ops`, as a record of functions.
 *
 * Source: Linux 2.6.22 and 2.6.23, include/asm-i386/paravirt.h. The struct was split into `pv_mmu_ops` and others in 2.6.24.
 *
 * @module
 */

import { checkArguments, integer, isWord, shape, word } from "../check.ts";
import type { Linear } from "../mmu/mod.ts";
import type { SpecialPages } from "./special_pages.ts";
import { Stopped } from "./stop.ts";

/** Writes one entry: its linear address, then the two words in the form that the CPU reads. */
export type EntryWriter = (entry: number, hi: number, lo: number) => void;

/**
 * The operations that a kernel's page-table code calls instead of touching the machine. Fields are replaced at run time, as `paravirt_ops.set_pte`
 * was until `apply_paravirt` had patched the call sites (trap T22).
 *
 * Linear addresses are the low 32 bits; the high word is the platform's (`Bus.hi`).
 */
export interface PvOps {
  /** `paravirt_ops.name`. */
  readonly name: string;
  /** `pagetable_setup_start(base)`: before the first entry is written. Takes the linear address of the root table. */
  pagetableSetupStart: (base: number) => void;
  /** `pagetable_setup_done(base)`: after the last. */
  pagetableSetupDone: (base: number) => void;
  /** `alloc_pt(pfn)`: this page is about to become a last-level table. Called before it is linked (trap T6). */
  allocPt: (pfn: number) => void;
  /** `alloc_pd(pfn)`: this page is about to become a table of a higher level. */
  allocPd: (pfn: number) => void;
  /** `set_pte`. Undefined where the back-end has none yet: calling it then is a jump to address 0. */
  setPte: EntryWriter | undefined;
  /** `pte_clear`: the low word first, so that the entry is absent before it is torn. */
  pteClear: EntryWriter;
  /** `set_pmd`: an entry one level above the leaves of 4K pages. */
  setPmd: EntryWriter;
  /** `set_pud`: an entry above that. */
  setPud: EntryWriter;
  /** The frame number that goes into an entry for a pfn: the pfn part of `make_pte`. */
  toMachine: (pfn: number) => number;
  /** The pfn for a frame number found in an entry: the frame part of `pte_val`. -1 if the frame is not the guest's. */
  toPfn: (frame: number) => number;
  /** Whether `make_pte` keeps bit 63. Xen's lost it until 2.6.26 (trap T27). */
  makePteKeepsNx: boolean;
  /** `write_cr3`, by the pfn of the root table. */
  writeCr3: (pfn: number) => void;
  /** Sets bits in CR4 (`set_in_cr4`). */
  setInCr4: (bits: number) => void;
  /** `__flush_tlb_all`: every translation, global ones too. */
  flushTlbAll: () => void;
  /** `flush_tlb_single`: one page, by linear address. */
  flushTlbSingle: (address: number) => void;
  /** Whether a page that is a table may be mapped writable as well. */
  readonly tablesMayBeWritable: boolean;
  /** Rewrites a leaf of the boot map, given its address and the linear address of its entry. `early_ioremap` of later kernels does this. */
  writeBootLeaf: (address: number, entry: number, hi: number, lo: number) => void;
  /** `release_pt(pfn)`: this page is no table any more. */
  releasePt: (pfn: number) => void;
  /** `post_allocator_init`: the page structures are there from now on (commit 6996d3b63fd9). */
  postAllocatorInit: () => void;
  /** The extra operation of proposal 2: the flags that this page may be mapped with, given those that the kernel wants. Only `ask-callback` calls it. */
  pagePermissions: (pfn: number, flags: number) => number;
  /** The registry of proposal 3. Only `query-special` asks it. */
  readonly specialPages: SpecialPages;
  /** Makes entry 4 of the page attribute table write-combining, as 2.6.26 did (`pat_init`). Does nothing on a CPU without PAT. */
  programPat: () => void;
  /** pfns of the domain builder's tables, first and after the last; equal if it left none. */
  readonly templateTables: { readonly first: number; readonly end: number };
}

/**
 * How the two halves of an 8-byte entry are stored: `set_pte` the high one first, `pte_clear` the low one first, `set_pmd` both at once (`cmpxchg8b`).
 */
export type StoreOrder = "hi,lo" | "lo,hi" | "once";

/** Memory as kernel code sees it: every load and store goes through the CPU's present tables. */
export interface Bus {
  /** High word of every kernel linear address: 0 in the 32-bit modes, all ones (-1) in long mode. */
  readonly hi: number;
  /** Words an entry of the kernel's own tables. */
  readonly entryWords: 1 | 2;
  /**
   * Loads a 32-bit word.
   *
   * @throws {Stopped} If the load faults.
   */
  load(address: number): number;
  /**
   * Stores a 32-bit word.
   *
   * @throws {Stopped} If the store faults and no hypervisor emulates it.
   */
  store(address: number, value: number): void;
  /**
   * Stores an entry. An 8-byte entry of PAE takes one or two stores, in the given order (trap T11), `set_pte`'s unless said otherwise. An entry of
   * one word, and an 8-byte entry in long mode, is one store.
   *
   * @throws {Stopped} If a store faults and no hypervisor emulates it.
   */
  storeEntry(address: number, hi: number, lo: number, order?: StoreOrder): void;
  /** Fills a page with zeros. Throws like `store`. */
  clearPage(address: number): void;
  /** Whether a load, or with `write` a store, would succeed now. Causes no fault. */
  probe(address: number, write?: boolean): boolean;
  /** Fetches an instruction: the proof that kernel text is still mapped. Throws like `load`. */
  fetch(address: number): void;
}

/** The page structures, as far as page tables need them. */
export interface PageStructures {
  /** Linear address of the first structure, low word. */
  readonly address: number;
  /** `PagePinned`: whether a page is a table of a pinned root. Throws `RangeError` for a page that is no memory. */
  isPinned(pfn: number): boolean;
  /** `SetPagePinned` or `ClearPagePinned`. Throws like `isPinned`. */
  setPinned(pfn: number, pinned: boolean): void;
}

/** The part of the kernel that its back-end uses. */
export interface KernelServices {
  /** The kernel's memory. */
  readonly bus: Bus;
  /** First linear address of lowmem, low word. */
  readonly pageOffset: number;
  /** Takes a zeroed page for a page table (`alloc_bootmem_low_pages` unless the strategy has another allocator). */
  allocTablePage(): number;
  /** Calls a function with an address for writing a page before it becomes a table. */
  withWritable(pfn: number, run: (address: number) => void): void;
  /** Page that a linear address of the kernel's shows. */
  pfnOf(address: number): number;
  /** Counts, records and performs the write of one entry. */
  recorded(op: string, entry: number, hi: number, lo: number, write: EntryWriter): void;
  /** Linear address of the root table that `init_mm` names. */
  initMmPgd: number;
  /** `mem_map`; undefined until it is allocated, after `paging_init`. */
  readonly memMap: PageStructures | undefined;
  /** Linear address of the last-level entry for an address in `init_mm`, or undefined where a table is missing. */
  lookupAddress(address: number): number | undefined;
  /** Whether the alloc hook skips a page that no entry maps yet, as in kernels with `early_ioremap`. In others such a page is a `BUG_ON`. */
  readonly earlyIoremap: boolean;
  /** Linear address of the fixmap slot for a hypervisor's shared page. */
  readonly paravirtBootmap: number;
  /** pfns of `swapper_pg_dir` and `empty_zero_page`. */
  readonly image: { readonly swapperPgDir: number; readonly emptyZeroPage: number };
}

/**
 * The page structures of a kernel that looks for one of them.
 *
 * @param kernel The kernel.
 * @param pfn The page whose structure is looked for.
 * @returns The page structures.
 * @throws {Stopped} Of kind `no-page-structure`, before they are allocated.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { pageStructuresOf, Stopped } from "@pagetable-init/textbook/paravirt";
 *
 * const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
 * assertEquals(pageStructuresOf(run.kernel, 1).isPinned(1), true); // the L2 that the back-end copied
 * assertThrows(() => pageStructuresOf(run.at(16000).kernel, 1), Stopped, "mem_map is NULL");
 * ```
 */
export function pageStructuresOf(kernel: Pick<KernelServices, "memMap">, pfn: number): PageStructures {
  checkArguments({ kernel: shape("a kernel", {}), pfn: integer(0, 2 ** 40 - 1) }, [kernel, pfn]);
  if (kernel.memMap !== undefined) return kernel.memMap;
  throw new Stopped({
    kind: "no-page-structure",
    message: `pfn_to_page(0x${pfn.toString(16)}): mem_map is NULL; page structures are allocated after paging_init`,
  });
}

/**
 * A linear address of the kernel in two words.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { kernelLinear } from "@pagetable-init/textbook/paravirt";
 *
 * const { kernel } = boot({ platform: "xen-4level", strategy: "filter-set-pte", memory: "64M" });
 * assertEquals(kernelLinear(kernel.bus, kernel.pageOffset), { hi: 0xffff_ffff, lo: 0x8000_0000 });
 * ```
 */
export function kernelLinear(bus: Bus, address: number): Linear {
  if (!isWord(address) || !isWord(bus?.hi)) {
    checkArguments({ bus: shape("a bus", { hi: integer(-1, 0) }), address: word }, [bus, address]);
  }
  return { hi: bus.hi >>> 0, lo: address >>> 0 };
}
