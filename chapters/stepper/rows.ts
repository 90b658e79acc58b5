/**
 * Packed rows of integers. Packing pays off because a boot's writes come in long stretches that count up by one.
 *
 * @module
 */

/** Rows as runs, one after the other: number of rows, the first row, and, if there are more, what each adds to the one before. */
export type PackedRows = readonly number[];

/** Collects rows and packs them on the way. */
export class RowPacker {
  readonly #width: number;
  readonly #packed: number[] = [];
  readonly #last: number[];
  readonly #stride: number[];
  #start = 0;

  /** @param width Integers a row. */
  constructor(width: number) {
    this.#width = width;
    this.#last = Array.from({ length: width }, () => 0);
    this.#stride = [...this.#last];
  }

  /**
   * Adds a row.
   *
   * @param row Integers below 2^53.
   * @throws {RangeError} If there are more or fewer than a row has.
   */
  add(...row: number[]): void {
    if (row.length !== this.#width) {
      throw new RangeError(`Expected a row of ${this.#width} integers but found ${row.length}`);
    }
    const rows = this.#packed[this.#start] ?? 0;
    const sameStride = this.#step(row);
    if (rows === 1) this.#packed.push(...this.#stride);
    if (rows === 1 || (rows > 1 && sameStride)) {
      this.#packed[this.#start] = rows + 1;
    } else {
      this.#start = this.#packed.length;
      this.#packed.push(1, ...row);
    }
  }

  /** Goes on to a row; returns whether it is as far from the last one as that was from the one before. */
  #step(row: readonly number[]): boolean {
    let same = true;
    for (let at = 0; at < this.#width; at++) {
      const value = row[at] ?? 0;
      const stride = value - (this.#last[at] ?? 0);
      if (stride !== this.#stride[at]) same = false;
      this.#stride[at] = stride;
      this.#last[at] = value;
    }
    return same;
  }

  /** The rows so far. */
  get packed(): PackedRows {
    return [...this.#packed];
  }
}

/**
 * Unpacks rows. Runs in a browser too, as text of its own: it uses nothing of this module.
 *
 * @param packed The rows.
 * @param width Integers a row.
 * @returns The rows, one after the other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RowPacker, unpackRows } from "./rows.ts";
 *
 * const rows = new RowPacker(2);
 * for (const step of [1, 2, 3]) rows.add(step, 7);
 * assertEquals(rows.packed, [3, 1, 7, 1, 0]);
 * assertEquals([...unpackRows(rows.packed, 2)], [1, 7, 2, 7, 3, 7]);
 * ```
 */
export function unpackRows(packed: PackedRows, width: number): Int32Array {
  const rows: number[] = [];
  for (let at = 0; at < packed.length;) {
    const count = packed[at] ?? 0;
    const first = at + 1;
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < width; i++) {
        rows.push((packed[first + i] ?? 0) + (count > 1 ? row * (packed[first + width + i] ?? 0) : 0));
      }
    }
    at = first + (count > 1 ? 2 * width : width);
  }
  return Int32Array.from(rows);
}
