/**
 * The trace of a boot while it is written.
 *
 * @module
 */

import { oneOf } from "../check.ts";
import { COLUMNS, OPS, Trace } from "./trace.ts";

const FIRST_ROWS = 256;

/**
 * A trace to which a kernel adds its writes. Only kernels write, with words that they have checked, so words are not checked again here.
 *
 * @example
 * ```ts
 * import { assertStrictEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const { kernel, trace } = boot({ platform: "native-486", strategy: "write-always", memory: "16M" });
 * assertStrictEquals(kernel.trace, trace); // the kernel writes it, a caller reads it
 * ```
 */
export class TraceWriter extends Trace {
  /** Appends a write. Words may be signed or unsigned. */
  record(
    op: string,
    pfn: number,
    index: number,
    oldHi: number,
    oldLo: number,
    askedHi: number,
    askedLo: number,
  ): void {
    const known = OPS.indexOf(op);
    if (known < 0) oneOf(...OPS)(op, "op");
    const at = this.used * COLUMNS;
    if (at === this.rows.length) this.#grow();
    const { rows } = this;
    rows[at] = known;
    rows[at + 1] = pfn;
    rows[at + 2] = index;
    rows[at + 3] = oldLo;
    rows[at + 4] = oldHi;
    rows[at + 5] = askedLo;
    rows[at + 6] = askedHi;
    rows[at + 7] = oldLo;
    rows[at + 8] = oldHi;
    this.used++;
  }

  /** Completes the last write with the entry as it is now. */
  stored(hi: number, lo: number): void {
    const at = (this.used - 1) * COLUMNS;
    this.rows[at + 7] = lo;
    this.rows[at + 8] = hi;
  }

  #grow(): void {
    const rows = new Int32Array(Math.max(FIRST_ROWS * COLUMNS, this.rows.length * 2));
    rows.set(this.rows);
    this.rows = rows;
  }
}
