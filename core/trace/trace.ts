/**
 * The trace of a boot: every write to a page table, in order.
 *
 * @module
 */

import { checkFrame, checkWord, integer, oneOf, show } from "../check.ts";

/** One entry written (or refused) during a boot. */
export interface Write {
  /** Number of the write, from 1. */
  readonly step: number;
  /** Operation of the write: `set_pte`, `pte_clear`, `set_pmd`, `set_pud`, `update_va_mapping`, `memset`. */
  readonly op: string;
  /** Page of the table: its pfn. */
  readonly pfn: number;
  /** Index of the entry in the table. */
  readonly index: number;
  /** The entry before: low and high word, unsigned. */
  readonly old: { readonly lo: number; readonly hi: number };
  /** The entry that the kernel asked for: low and high word, unsigned. */
  readonly asked: { readonly lo: number; readonly hi: number };
  /** The entry afterwards: what a filter or a refusal left. */
  readonly stored: { readonly lo: number; readonly hi: number };
}

const COLUMNS = 9;
const OPS: readonly string[] = ["set_pte", "pte_clear", "set_pmd", "set_pud", "update_va_mapping", "memset"];
const LAST_INDEX = 1023;
const checkIndex = integer(0, LAST_INDEX);

/**
 * The writes of a boot, as columns of 32-bit words that grow as needed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const { trace } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * assertEquals(trace.at(1).op, "set_pmd");
 * ```
 */
export class Trace {
  #rows: Int32Array = new Int32Array(0);
  #length = 0;

  /** Number of writes recorded. */
  get length(): number {
    return this.#length;
  }

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
    checkFrame(pfn, "pfn");
    if (typeof index !== "number" || (index & LAST_INDEX) !== index) checkIndex(index, "index");
    checkWord(oldHi, "oldHi");
    checkWord(oldLo, "oldLo");
    checkWord(askedHi, "askedHi");
    checkWord(askedLo, "askedLo");
    const known = OPS.indexOf(op);
    if (known < 0) oneOf(...OPS)(op, "op");
    const at = this.#length * COLUMNS;
    if (at + COLUMNS > this.#rows.length) this.#grow();
    const rows = this.#rows;
    rows[at] = known;
    rows[at + 1] = pfn;
    rows[at + 2] = index;
    rows[at + 3] = oldLo;
    rows[at + 4] = oldHi;
    rows[at + 5] = askedLo;
    rows[at + 6] = askedHi;
    rows[at + 7] = oldLo;
    rows[at + 8] = oldHi;
    this.#length++;
  }

  /** Completes the last write: what the entry holds now. */
  stored(hi: number, lo: number): void {
    checkWord(hi, "hi");
    checkWord(lo, "lo");
    const at = (this.#length - 1) * COLUMNS;
    this.#rows[at + 7] = lo;
    this.#rows[at + 8] = hi;
  }

  /**
   * One write.
   *
   * @param step Its number, from 1.
   * @returns The write.
   * @throws {RangeError} If there is no such step.
   */
  at(step: number): Write {
    if (!Number.isInteger(step) || step < 1 || step > this.#length) {
      throw new RangeError(`Expected a step of 1 to ${this.#length} but found ${show(step)}`);
    }
    const at = (step - 1) * COLUMNS;
    const word = (column: number) => (this.#rows[at + column] ?? 0) >>> 0;
    return {
      step,
      op: OPS[word(0)] ?? "?",
      pfn: word(1),
      index: word(2),
      old: { lo: word(3), hi: word(4) },
      asked: { lo: word(5), hi: word(6) },
      stored: { lo: word(7), hi: word(8) },
    };
  }

  /**
   * The first writes.
   *
   * @param length How many.
   * @returns A trace of their own.
   */
  prefix(length: number): Trace {
    integer(0, Number.MAX_SAFE_INTEGER)(length, "length");
    const prefix = new Trace();
    prefix.#length = Math.min(length, this.#length);
    prefix.#rows = this.#rows.slice(0, prefix.#length * COLUMNS);
    return prefix;
  }

  /** All writes, in order. */
  *[Symbol.iterator](): Generator<Write> {
    for (let step = 1; step <= this.#length; step++) yield this.at(step);
  }

  #grow(): void {
    const rows = new Int32Array(Math.max(256 * COLUMNS, this.#rows.length * 2));
    rows.set(this.#rows);
    this.#rows = rows;
  }
}
