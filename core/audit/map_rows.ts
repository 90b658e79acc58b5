/**
 * The rows of a map: ranges that differ only in their address are folded into one row.
 *
 * @module
 */

import { linearOf, makePageRange, type PageRange } from "../tables/range_list.ts";

/** A range, or several alike that map the same frames at equal distances: Linux's ESPFIX makes 65,536 of them. */
export interface MapRow {
  /** The first range. */
  readonly range: PageRange;
  /** Number of ranges. */
  readonly times: number;
  /** 4K pages from one to the next; 0 if there is one. */
  readonly stride: number;
}

/**
 * Maximum rows of a map. Further ranges are only counted.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MAX_ROWS } from "@pagetable-init/textbook/audit";
 *
 * assertEquals(MAX_ROWS, 2 ** 20);
 * ```
 */
export const MAX_ROWS: number = 2 ** 20;

/** Collects rows while ranges come in the order of linear addresses. */
export class MapRows {
  /** The rows so far. */
  readonly rows: MapRow[] = [];
  /** Ranges that came after `MAX_ROWS` rows. */
  dropped = 0;
  readonly #linearBits: number;
  #page = 0;
  #pages = 0;
  #shift = 0;
  #frame = 0;
  #rights = 0;
  #flags = 0;
  #times = 0;
  #stride = 0;
  #last = 0;

  /**
   * @param linearBits Width of linear addresses.
   */
  constructor(linearBits: number) {
    this.#linearBits = linearBits;
  }

  /** Adds a range; parameters as `TakeRange` has them. */
  add(page: number, pages: number, shift: number, frame: number, rights: number, flags: number): void {
    const alike = this.#times !== 0 && frame === this.#frame && pages === this.#pages && shift === this.#shift &&
      rights === this.#rights && flags === this.#flags;
    if (alike && (this.#times === 1 || page - this.#last === this.#stride)) {
      this.#stride = page - this.#last;
      this.#times++;
      this.#last = page;
      return;
    }
    this.finish();
    this.#page = this.#last = page;
    this.#pages = pages;
    this.#shift = shift;
    this.#frame = frame;
    this.#rights = rights;
    this.#flags = flags;
    this.#times = 1;
  }

  /** Ends the open row. Two equal ranges stay two rows; folding starts at three. */
  finish(): void {
    if (this.#times === 2) {
      this.#push(this.#page, 1, 0);
      this.#push(this.#last, 1, 0);
    } else if (this.#times !== 0) this.#push(this.#page, this.#times, this.#times === 1 ? 0 : this.#stride);
    this.#times = 0;
  }

  #push(page: number, times: number, stride: number): void {
    if (this.rows.length >= MAX_ROWS) {
      this.dropped += times;
      return;
    }
    const linear = linearOf(page, this.#linearBits);
    const range = makePageRange(this.#frame, linear, this.#pages, this.#shift, this.#rights, this.#flags);
    this.rows.push({ range, times, stride });
  }
}
