/**
 * The three places where the proposals differ, and nothing else: what the kernel does with a leaf, which operation it may ask, and what
 * the back-end's `set_pte` does while the first tables are built.
 *
 * @module
 */

import type { PvOps } from "../paravirt/ops.ts";
import type { Kernel } from "./kernel.ts";

/** A strategy's part of the kernel. */
export interface Policy {
  /** A 4K page of lowmem is due. `entry` is the linear address of its entry: the low word, signed. */
  mapPage(kernel: Kernel, entry: number, pfn: number, flags: number, nx: boolean): void;
  /** A large page of lowmem is due. Only called where the kernel sees PSE. */
  mapLargePage(kernel: Kernel, entry: number, pfn: number, flags: number, nx: boolean): void;
  /**
   * Takes and zeroes a page for a table. Without it: the next page of bootmem.
   */
  readonly allocTable?: (kernel: Kernel) => number;
  /** Called once before `pagetable_setup_start`: extra operations, ranges, allocators. */
  readonly prepare?: (kernel: Kernel) => void;
  /** Called once after the tables are built, before `pagetable_setup_done`. */
  readonly finish?: (kernel: Kernel) => void;
  /**
   * What a back-end that hides read-only tables behind `set_pte` installs until `pagetable_setup_done`. Without it: the plain `set_pte`.
   */
  readonly initSetPte?: (kernel: Kernel, plain: NonNullable<PvOps["setPte"]>) => NonNullable<PvOps["setPte"]>;
}
