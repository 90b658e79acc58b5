/**
 * The three places where the proposals differ: how the kernel writes a leaf, which extra operation it may call, and what the back-end's
 * `set_pte` does while the first tables are built.
 *
 * @module
 */

import type { PvOps } from "../paravirt/ops.ts";
import type { Kernel } from "./kernel.ts";
import type { PageRun } from "./memory_map.ts";

/** A strategy's part of the kernel. */
export interface Policy {
  /** Maps a 4K page of lowmem. `entry` is the linear address of its entry: the low word, signed. */
  mapPage(kernel: Kernel, entry: number, pfn: number, flags: number, nx: boolean): void;
  /** Maps a large page of lowmem. Called only if the kernel sees PSE. */
  mapLargePage(kernel: Kernel, entry: number, pfn: number, flags: number, nx: boolean): void;
  /**
   * Takes and zeroes a page for a table; the next page of bootmem by default.
   */
  readonly allocTable?: (kernel: Kernel) => number;
  /**
   * The ranges of lowmem in the order in which they are mapped; all lowmem at once by default. A range is asked for when those before are mapped.
   * Together they must be all lowmem. If the kernel sees PSE, a range begins and ends with a large page; only the end of lowmem may be inside one.
   */
  readonly mappingOrder?: (kernel: Kernel) => Iterable<PageRun>;
  /** Called once before `pagetable_setup_start`: extra operations, ranges, allocators. */
  readonly prepare?: (kernel: Kernel) => void;
  /** Called once after the tables are built, before `pagetable_setup_done`. */
  readonly finish?: (kernel: Kernel) => void;
  /**
   * Makes the `set_pte` that the Xen back-end installs until `pagetable_setup_done`; the plain `set_pte` by default.
   */
  readonly initSetPte?: (kernel: Kernel, plain: NonNullable<PvOps["setPte"]>) => NonNullable<PvOps["setPte"]>;
}
