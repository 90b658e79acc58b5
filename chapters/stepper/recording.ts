/**
 * A boot as data, from which a page can show any step.
 *
 * @module
 */

import type { PackedRows } from "./rows.ts";
import type { StateWords } from "./page_states.ts";

/** The type of a frame, in words. */
export interface TypeWords {
  /** `L1` to `L4`, `descriptors`, `writable`, `none`. */
  readonly kind: string;
  /** For example `L2 × 1, pinned`. */
  readonly words: string;
}

/** A map that leaves out what never is mapped. */
export interface AddressSpace {
  /** 4K pages a square. */
  readonly unit: number;
  /** Stretches without a gap: the first square, how many, and the linear address of the first. */
  readonly ranges: readonly { readonly first: number; readonly squares: number; readonly linear: string }[];
}

/**
 * A boot, step by step. Step 0 is before the first write, step N after the N-th. Pages are pfns; lists that rows refer to by number come first.
 */
export interface Recording {
  /** Title: the boot, in a line. */
  readonly title: string;
  /** The outcome, in a line. */
  readonly end: string;
  /** Number of the write that was refused; 0 for none. */
  readonly refused: number;
  /** Writes. */
  readonly steps: number;
  /** Pages of lowmem; squares of the map of an address space, if there is one. */
  readonly pages: number;
  /** The address space of which the map is; a map of lowmem if not given. */
  readonly space?: AddressSpace;
  /** Stretches of lowmem that have a name: the first page of each, ascending. */
  readonly regions?: readonly { readonly first: number; readonly name: string }[];
  /** Names of operations, and flags of entries in words. */
  readonly operations: readonly string[];
  readonly flags: readonly string[];
  /** A row a write: operation, page of the table, index; then page and flags of three entries: old, asked for, stored. Page -1 is not the guest's. */
  readonly writes: PackedRows;
  readonly states: readonly StateWords[];
  /** Step, first page, pages, their state from then on. */
  readonly map: PackedRows;
  /** Empty where no hypervisor counts types. */
  readonly types: readonly TypeWords[];
  /** Step, page, its type from then on. */
  readonly frames: PackedRows;
  /** A name, and rows of step and value from then on; in 4K pages, apart from TLB entries. */
  readonly totals: readonly { readonly name: string; readonly rows: PackedRows }[];
  /** The hypervisor's lines, each with the first step at which it is there. */
  readonly log: readonly { readonly step: number; readonly text: string }[];
}

/** Integers in a row of each kind. */
export const WIDTHS: { readonly writes: 9; readonly map: 4; readonly frames: 3; readonly totals: 2 } = Object.freeze({
  writes: 9,
  map: 4,
  frames: 3,
  totals: 2,
});
