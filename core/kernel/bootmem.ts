/**
 * bootmem: the page allocator of early boot, before the kernel's own allocators exist.
 *
 * @module
 */

import { busShape } from "../paravirt/shapes.ts";
import { callable, type Check, checkArguments, checkFrame, integer, number, oneOf, shape } from "../check.ts";
import type { Bus } from "../paravirt/ops.ts";
import { Stopped } from "../paravirt/stop.ts";
import type { Layout } from "./layout.ts";

/** pfn of `MAX_DMA_ADDRESS`: old devices reach the 16M below it. */
const MAX_DMA = 0x1000;

/** Which free page `Bootmem.take` prefers. */
export type BootmemOrder = "lowest-first" | "highest-first";

/**
 * A bitmap of lowmem, one bit a page, in the first pages after the boot tables.
 *
 * At first all pages are taken. Then the pages that are memory are freed, and page 0 and the kernel from `_text` to the end of the bitmap
 * are reserved. The end is rounded up twice, so the page behind the bitmap is lost.
 *
 * Source: Linux 2.6.22 mm/bootmem.c, arch/i386/kernel/setup.c (`setup_memory`, `setup_bootmem_allocator`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { Bootmem } from "@pagetable-init/textbook/kernel";
 *
 * const { kernel } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const bootmem = new Bootmem(kernel.bus, kernel.layout, 0x600, "lowest-first");
 * assertEquals(bootmem.take(), 1); // page 0 is reserved
 * bootmem.reserve(2, 0x800);
 * assertEquals(bootmem.take(), 0x800);
 * ```
 */
export class Bootmem {
  readonly #taken: Uint8Array;
  /** Which free page is taken first. */
  readonly order: BootmemOrder;
  #hint: number;

  /**
   * Writes the bitmap and reserves what is in use.
   *
   * @param bus The kernel's memory: the bitmap is written through it, so it must be mapped.
   * @param layout The kernel's layout.
   * @param minLowPfn First page after the boot tables: the bitmap goes there.
   * @param order Which free page is taken first.
   * @throws {Stopped} If the bitmap is not mapped.
   */
  constructor(bus: Bus, layout: Layout, minLowPfn: number, order: BootmemOrder) {
    checkArguments(PARAMETERS, [bus, layout, minLowPfn, order]);
    const bytes = Math.ceil(layout.maxLowPfn / 32) * 4;
    for (let byte = 0; byte < bytes; byte += 4) bus.store(layout.pageOffset + minLowPfn * 4096 + byte, -1);
    this.#taken = new Uint8Array(layout.maxLowPfn).fill(1);
    this.order = order;
    this.#hint = order === "lowest-first" ? 0 : layout.maxLowPfn - 1;
    for (const { first, end } of layout.usable) this.#taken.fill(0, first, end);
    this.reserve(0, 1 + layout.config.lowPagesTaken);
    this.reserve(layout.textStart / 4096, Math.floor((minLowPfn * 4096 + bytes + 2 * 4095) / 4096));
  }

  /** Takes pages `from` to `to` - 1 out of circulation. */
  reserve(from: number, to: number): void {
    checkFrame(from, "from");
    checkFrame(to, "to");
    this.#taken.fill(1, from, to);
  }

  /** Whether a page is memory and not taken. */
  isFree(pfn: number): boolean {
    checkFrame(pfn, "pfn");
    return this.#taken[pfn] === 0;
  }

  /** Gives pages `from` to `to` - 1 back. */
  free(from: number, to: number): void {
    checkFrame(from, "from");
    checkFrame(to, "to");
    this.#taken.fill(0, from, to);
    this.#hint = this.order === "lowest-first" ? Math.min(this.#hint, from) : Math.max(this.#hint, to - 1);
  }

  /**
   * Takes the first free page that fits.
   *
   * @param fits A further condition on the page; by default every free page fits.
   * @returns Its pfn. It is not zeroed yet.
   * @throws {Stopped} If none is left.
   */
  take(fits: (pfn: number) => boolean = () => true): number {
    callable(fits, "fits");
    const step = this.order === "lowest-first" ? 1 : -1;
    while (this.#taken[this.#hint] === 1) this.#hint += step;
    for (let pfn = this.#hint; pfn >= 0 && pfn < this.#taken.length; pfn += step) {
      if (this.#taken[pfn] === 0 && fits(pfn)) {
        this.#taken[pfn] = 1;
        return pfn;
      }
    }
    throw new Stopped({ kind: "out-of-memory", message: "bootmem: no free page left for a page table" });
  }

  /**
   * Takes a run of free pages, as `alloc_bootmem` does: the lowest one from 16M on, above the memory for DMA, or else the lowest one. The
   * other order takes the highest.
   *
   * @param pages Length of the run in pages.
   * @returns The first pfn.
   * @throws {Stopped} If there is no such run.
   */
  takeRun(pages: number): number {
    aLength(pages, "pages");
    const first = this.order === "highest-first"
      ? this.takeRunBelow(pages, this.#taken.length)
      : this.takeRunFrom(MAX_DMA, pages) ?? this.takeRunFrom(0, pages);
    if (first !== undefined) return first;
    throw new Stopped({ kind: "out-of-memory", message: `bootmem: no ${pages} free pages in a row` });
  }

  /**
   * Takes the lowest run of free pages from a page on, whatever the order.
   *
   * @param goal First pfn that may be in it.
   * @param pages Length of the run in pages.
   * @returns The first pfn, or undefined if there is no such run.
   */
  takeRunFrom(goal: number, pages: number): number | undefined {
    checkFrame(goal, "goal");
    aLength(pages, "pages");
    let free = 0;
    for (let pfn = goal; pfn < this.#taken.length; pfn++) {
      free = this.#taken[pfn] === 0 ? free + 1 : 0;
      if (free < pages) continue;
      this.reserve(pfn + 1 - pages, pfn + 1);
      return pfn + 1 - pages;
    }
    return undefined;
  }

  /**
   * Takes the highest run of free pages below an end.
   *
   * @param pages Length of the run in pages.
   * @param end pfn after the last page that may be in it.
   * @returns The first pfn, or undefined if there is no such run.
   */
  takeRunBelow(pages: number, end: number): number | undefined {
    aLength(pages, "pages");
    checkFrame(end, "end");
    for (let first = Math.min(end, this.#taken.length) - pages; first >= 0; first--) {
      if (this.#taken.subarray(first, first + pages).every((taken) => taken === 0)) {
        this.reserve(first, first + pages);
        return first;
      }
    }
    return undefined;
  }
}

const aLength: Check = integer(1, 2 ** 28);

const PARAMETERS = {
  bus: busShape,
  layout: shape("a layout (layoutOf)", { maxLowPfn: number }),
  minLowPfn: integer(0, 2 ** 28),
  order: oneOf("lowest-first", "highest-first"),
};
