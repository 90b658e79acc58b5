/**
 * Borrowed leaves: access to a page that no entry maps yet.
 *
 * @module
 */

import { lowWord } from "../mmu/entry.ts";
import { A, D, frameOf, P, RW } from "../mmu/mod.ts";
import { Stopped } from "../paravirt/stop.ts";
import type { Kernel } from "./kernel.ts";

/**
 * Two leaves of the boot map can map other pages for a while, as `early_ioremap` of later kernels does. One is for writing a page before it
 * becomes a table, the other for reaching a table. The kernels of 2007 had neither.
 */
export class BorrowedLeaves {
  readonly #kernel: Kernel;
  readonly #scratch: BorrowedLeaf;
  readonly #window: BorrowedLeaf;

  /**
   * Leaves that are not borrowed yet.
   *
   * @param kernel The kernel, on its boot tables.
   * @param last Last page that the boot tables map: it and the page before lend their leaves.
   */
  constructor(kernel: Kernel, last: number) {
    this.#kernel = kernel;
    this.#scratch = new BorrowedLeaf(kernel, last);
    this.#window = new BorrowedLeaf(kernel, last - 1);
  }

  /** The pfn that a linear address shows, if the address is that of the leaf borrowed for a table; else undefined. */
  shownAt(address: number): number | undefined {
    return address >>> 12 === this.#window.address >>> 12 ? this.#window.holds : undefined;
  }

  /** Linear address for reading a table, and for writing it by the means that tables need: its own address, or a borrowed one. */
  reach(pfn: number): number {
    const { bus, ops } = this.#kernel;
    const own = this.#kernel.va(pfn);
    return bus.probe(own) ? own : this.#window.map(pfn, ops.tablesMayBeWritable);
  }

  /** Calls a function with an address for writing a page before it becomes a table: its own address, or a borrowed one. */
  withWritable(pfn: number, run: (address: number) => void): void {
    const own = this.#kernel.va(pfn);
    if (this.#kernel.bus.probe(own, true)) return run(own);
    run(this.#scratch.map(pfn, true));
    this.#scratch.release();
  }

  /**
   * Gives the leaf that shows a table back if it belongs to one of the pages `first` to `end` - 1. These are about to be mapped, and a back-end that
   * looks at the old entry must see the page's own. The leaf stays borrowed if it shows `table`, in which their entries are.
   */
  releaseOf(first: number, end: number, table: number): void {
    const { address } = this.#window;
    if (address < this.#kernel.va(first) || address >= this.#kernel.va(end)) return;
    if (this.shownAt(table) === undefined) this.#window.release();
  }

  /** Gives the leaf that shows a table back. */
  release(): void {
    this.#window.release();
  }
}

/** One leaf of the boot map. Its entry is looked up at once, in the tables that the kernel wakes up on. */
class BorrowedLeaf {
  /** The page that it maps now instead of its own; undefined while it is not borrowed. */
  holds: number | undefined = undefined;
  readonly address: number;
  readonly #kernel: Kernel;
  readonly #entry: number | undefined;
  #lo = 0;
  #hi = 0;

  constructor(kernel: Kernel, page: number) {
    this.#kernel = kernel;
    this.address = kernel.va(page);
    this.#entry = kernel.lookupAddress(this.address, kernel.bootMode);
  }

  /** Maps another page and returns the linear address. Throws `Stopped` if the boot map's leaf is gone, or the back-end refuses. */
  map(pfn: number, writable: boolean): number {
    this.release();
    const { bus, ops, bootMode } = this.#kernel;
    const entry = this.#place();
    this.#lo = bus.load(entry);
    this.#hi = bootMode.entryWords === 2 ? bus.load(entry + 4) : 0;
    const frame = ops.toMachine(pfn);
    const lo = lowWord(frame, P | A | D | (writable ? RW : 0));
    ops.writeBootLeaf(this.address, entry, Math.floor(frame / 0x10_0000), lo);
    this.holds = pfn;
    return this.address;
  }

  /** Gives the leaf back to its own page, unless that has been mapped anew meanwhile. */
  release(): void {
    if (this.holds === undefined) return;
    const { bus, ops, bootMode } = this.#kernel;
    const entry = this.#place();
    const hi = bootMode.entryWords === 2 ? bus.load(entry + 4) : 0;
    if (ops.toPfn(frameOf(hi, bus.load(entry))) === this.holds) {
      ops.writeBootLeaf(this.address, entry, this.#hi, this.#lo);
    }
    this.holds = undefined;
  }

  #place(): number {
    if (this.#entry === undefined) {
      throw new Stopped({ kind: "kernel-bug", message: "no leaf of the boot map is left to borrow" });
    }
    return this.#entry;
  }
}
