/**
 * The kind of system that built some tables, guessed from their structure.
 *
 * @module
 */

import { indexAt, type Level, type Linear, type Mode, RIGHT_NX, RIGHT_US } from "../mmu/mod.ts";
import { linearOf } from "../tables/range_list.ts";

/** Xen's, or firmware's or a boot loader's, which map memory to itself; undefined for an operating system, or what looks like one. */
export type TablesOwner = "xen" | "firmware" | undefined;

/** Slot of the root that holds Xen's own text and data in 64-bit releases: 0xffff828000000000 and up. */
const XEN_SLOT = 261;

/** Guesses the kind of system from all ranges of its map. */
export class OwnerFinder {
  readonly #mode: Mode;
  #identity = 0;
  #others = 0;
  #xenText = 0;
  #upper = 0;

  /**
   * @param mode The paging mode.
   */
  constructor(mode: Mode) {
    this.#mode = mode;
  }

  /** Takes a range: linear page number, number of 4K pages, first frame, effective rights. */
  range(page: number, pages: number, frame: number, rights: number): void {
    if (page === frame) this.#identity += pages;
    else this.#others += pages;
    const linear = linearOf(page, this.#mode.linearBits);
    if (linear.hi >>> 31 !== 0) this.#upper += pages;
    if ((rights & (RIGHT_US | RIGHT_NX)) === 0 && this.#isXenSlot(linear)) this.#xenText += pages;
  }

  /** Whose the tables are. */
  owner(): TablesOwner {
    if (this.#xenText > 0) return "xen";
    return this.#upper === 0 && this.#identity > 100 * this.#others ? "firmware" : undefined;
  }

  #isXenSlot({ hi, lo }: Linear): boolean {
    return this.#mode.id === "4-level" && indexAt(this.#mode.levels[0] as Level, hi, lo) === XEN_SLOT;
  }
}
