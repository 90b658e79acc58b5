/**
 * The audit's view of a machine: the place of the kernel's tables, and the needs of kernel and CPU. It does not hold the strategy.
 *
 * @module
 */

import type { Linear } from "../mmu/mod.ts";
import type { Tables } from "../tables/tables.ts";

/** A kernel on its machine, as the audit sees it. */
export interface Guest extends Tables {
  /** First linear address of lowmem (PAGE_OFFSET). */
  readonly pageOffset: Linear;
  /** Pages of lowmem: pfn 0 to `lowmemPages` - 1 belong at `pageOffset` + pfn * 4096. */
  readonly lowmemPages: number;
  /** Pages from `pageOffset` on that may hold kernel text, up to and including `__init_end` (trap T18). */
  readonly executablePages: number;
  /** The first page of text, counted from `pageOffset`; 0 for kernels that treat everything from `pageOffset` on as text. */
  readonly firstExecutablePage: number;
  /**
   * Whether US in an entry opens the page to user mode. Not so for a 64-bit Xen guest: its kernel runs in ring 3, Xen sets US everywhere, and user mode has a
   * root of its own.
   */
  readonly usGrantsUser: boolean;
  /** The CPU features that the kernel sees; Xen hides PSE and PGE. */
  readonly features: { readonly pse: boolean; readonly pge: boolean; readonly nx: boolean };
  /** Machine frame of each pfn; undefined where they are the same. */
  readonly p2m: Int32Array | undefined;
  /** Pfn of each machine frame of the guest, -1 elsewhere; undefined where they are the same. */
  readonly m2p: Int32Array | undefined;
  /** The pfns that must not be mapped writable (page tables, descriptor tables, `empty_zero_page`); empty where tables may be writable. */
  readonly readOnly: ReadonlySet<number>;
}
