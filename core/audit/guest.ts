/**
 * What the audit knows of a machine: where the kernel's tables are, and what kernel and CPU need. Never which strategy built them.
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
  /** Pages from `pageOffset` on that hold what the kernel may execute, up to and with `__init_end` (trap T18). */
  readonly executablePages: number;
  /** The first of them; 0 where the kernel takes everything from `pageOffset` on for text. */
  readonly firstExecutablePage: number;
  /**
   * Whether US in an entry opens the page to user mode. Not so for a 64-bit Xen guest: its kernel runs in ring 3, Xen sets US everywhere, and user mode has a
   * root of its own.
   */
  readonly usGrantsUser: boolean;
  /** What the kernel sees of the CPU: under Xen PSE and PGE are hidden. */
  readonly features: { readonly pse: boolean; readonly pge: boolean; readonly nx: boolean };
  /** Machine frame of each pfn; undefined where they are the same. */
  readonly p2m: Int32Array | undefined;
  /** Pfn of each machine frame of the guest, -1 elsewhere; undefined where they are the same. */
  readonly m2p: Int32Array | undefined;
  /** The pfns that must not be mapped writable (page tables, descriptor tables, `empty_zero_page`); empty where tables may be writable. */
  readonly readOnly: ReadonlySet<number>;
}
