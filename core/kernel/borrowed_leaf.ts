/**
 * Reaching a page that has no address yet.
 *
 * @module
 */

import { A, D, frameOf, P, RW } from "../mmu/mod.ts";
import { Stop } from "../paravirt/stop.ts";
import type { Kernel } from "./kernel.ts";

/**
 * A leaf of the boot map that is made to map another page for a while, as `early_ioremap` of later kernels does. The kernels of 2007 had no need of it:
 * bootmem gave them the lowest pages, which were mapped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const { kernel } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * assertEquals(kernel.scratch.holds, undefined); // the lowest pages are mapped: nothing had to be borrowed
 * ```
 */
export class BorrowedLeaf {
  /** The page that it maps now instead of its own; undefined while it is not borrowed. */
  holds: number | undefined = undefined;
  readonly #kernel: Kernel;
  readonly #page: number;
  readonly #entry: number | undefined;
  #lo = 0;
  #hi = 0;

  /**
   * A leaf that is not borrowed yet. Its entry is looked up now, in the tables that the kernel wakes up on.
   *
   * @param kernel The kernel.
   * @param page The page whose leaf it is: mapped by the boot tables, used by nobody; undefined for no page at all.
   */
  constructor(kernel: Kernel, page?: number) {
    this.#kernel = kernel;
    this.#page = page ?? 0;
    this.#entry = page === undefined ? undefined : kernel.lookupAddress(kernel.va(page), kernel.bootMode);
  }

  /** Linear address of the leaf's page. */
  get address(): number {
    return this.#kernel.va(this.#page);
  }

  /**
   * Maps another page.
   *
   * @param pfn The page.
   * @param writable Whether it is to be written.
   * @returns Linear address.
   * @throws {Stop} If there is no leaf any more, or the back-end refuses.
   */
  map(pfn: number, writable: boolean): number {
    this.release();
    const { bus, ops, bootMode } = this.#kernel;
    const entry = this.#place();
    this.#lo = bus.load(entry);
    this.#hi = bootMode.entryWords === 2 ? bus.load(entry + 4) : 0;
    const frame = ops.toMachine(pfn);
    const lo = ((frame & 0xf_ffff) << 12) | P | A | D | (writable ? RW : 0);
    ops.writeBootLeaf(this.address, entry, lo, Math.floor(frame / 0x10_0000));
    this.holds = pfn;
    return this.address;
  }

  /** Gives the leaf back to its own page, unless that has been mapped anew meanwhile. */
  release(): void {
    if (this.holds === undefined) return;
    const { bus, ops, bootMode } = this.#kernel;
    const entry = this.#place();
    const hi = bootMode.entryWords === 2 ? bus.load(entry + 4) : 0;
    if (ops.toPfn(frameOf(bus.load(entry), hi)) === this.holds) {
      ops.writeBootLeaf(this.address, entry, this.#lo, this.#hi);
    }
    this.holds = undefined;
  }

  #place(): number {
    if (this.#entry === undefined) throw new Stop("kernel-bug", "no leaf of the boot map is left to borrow");
    return this.#entry;
  }
}
