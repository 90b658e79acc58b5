/**
 * The trace of a boot: every write to a page table, in order.
 *
 * @module
 */

import { integer, show } from "../check.ts";

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
  /** The entry afterwards. It differs from `asked` if a filter changed the write or the host refused it. */
  readonly stored: { readonly lo: number; readonly hi: number };
}

/** Words of a row: operation, pfn, index, and three entries of two words. */
export const COLUMNS = 9;
/** The operations; the first word of a row is an index into this list. */
export const OPS: readonly string[] = ["set_pte", "pte_clear", "set_pmd", "set_pud", "update_va_mapping", "memset"];

/**
 * The writes of a boot, for reading.
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
  /** A row of 32-bit words a write. */
  protected rows: Int32Array = new Int32Array(0);
  /** Number of rows in use. */
  protected used = 0;

  /** Number of writes recorded. */
  get length(): number {
    return this.used;
  }

  /**
   * One write.
   *
   * @param step Its number, from 1.
   * @returns The write.
   * @throws {RangeError} If there is no such step.
   */
  at(step: number): Write {
    if (!Number.isInteger(step) || step < 1 || step > this.used) {
      throw new RangeError(`Expected a step of 1 to ${this.used} but found ${show(step)}`);
    }
    const at = (step - 1) * COLUMNS;
    const word = (column: number) => (this.rows[at + column] ?? 0) >>> 0;
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
    prefix.used = Math.min(length, this.used);
    prefix.rows = this.rows.slice(0, prefix.used * COLUMNS);
    return prefix;
  }

  /** All writes, in order. */
  *[Symbol.iterator](): Generator<Write> {
    for (let step = 1; step <= this.used; step++) yield this.at(step);
  }
}
