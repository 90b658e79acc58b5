/**
 * The map of lowmem over time: its changes from one look to the next.
 *
 * @module
 */

import type { Audit, Guest } from "../../core/audit/mod.ts";
import { ERROR_CLASSES } from "../figures/error_classes.ts";
import { Names } from "./names.ts";
import { auditPages, stateWords } from "./page_states.ts";
import { type Recording, WIDTHS } from "./recording.ts";
import { RowPacker } from "./rows.ts";
import { type Stretch, writeFor } from "./stretches.ts";

/** The totals by name. */
const TOTALS: readonly (readonly [name: string, value: (found: Audit) => number])[] = [
  ["right", ({ coverage }) => coverage.mapped],
  ["wrong frame", ({ coverage }) => coverage.wrongFrame],
  ["not mapped", ({ coverage }) => coverage.unmapped],
  ["by large pages", ({ coverage }) => coverage.largePages],
  ["page tables", ({ coverage }) => coverage.tablePages],
  ["TLB entries", ({ coverage }) => coverage.tlbEntries],
  ...ERROR_CLASSES.map(({ key, label }) =>
    [label, ({ permissionErrors }: Audit) => permissionErrors[key].pages] as const
  ),
];

/** The first page from `pfn` on whose state is another one; the number of pages if there is none. Most stretches change few pages, so pages are compared by twos. */
function firstChange(before: Uint16Array, states: Uint16Array, pfn: number): number {
  const { length } = states;
  if (before.length !== length) return pfn;
  let at = pfn;
  if (at % 2 === 1 && states[at] === before[at]) at++;
  if (at % 2 === 0) {
    const [old, now] = [before, states].map((it) => new Int32Array(it.buffer, it.byteOffset, length >> 1));
    let pair = at >> 1;
    while (pair < length >> 1 && old?.[pair] === now?.[pair]) pair++;
    at = pair * 2;
  }
  while (at < length && states[at] === before[at]) at++;
  return at;
}

/** Collects the changes of the map. */
export class LowmemMap {
  /** Pages of lowmem; 0 before the first look. */
  pages = 0;
  readonly #codes = new Names<number>();
  readonly #map = new RowPacker(WIDTHS.map);
  readonly #totals = TOTALS.map(([name, value]) => ({ name, value, rows: new RowPacker(WIDTHS.totals), last: -1 }));
  #states: Uint16Array = new Uint16Array(0);

  /**
   * Looks at the map after a stretch of writes. Stretches must come in order.
   *
   * @returns Whether every change can be told apart by its write.
   */
  see(stretch: Stretch, guest: Guest): boolean {
    const { found, states } = auditPages(guest);
    const before = this.#states;
    this.#states = states;
    this.pages = states.length;
    return this.#seeStates(stretch, before, states) && this.#seeTotals(stretch, found, before);
  }

  /** Adds a row for each run of pages that one write changed to the same state. */
  #seeStates(stretch: Stretch, before: Uint16Array, states: Uint16Array): boolean {
    for (let pfn = firstChange(before, states, 0); pfn < states.length; pfn = firstChange(before, states, pfn)) {
      const step = writeFor(stretch, pfn);
      if (step === undefined) return false;
      const code = states[pfn] ?? 0;
      let end = pfn + 1;
      while (end < states.length && states[end] === code && before[end] !== code && writeFor(stretch, end) === step) {
        end++;
      }
      this.#map.add(step, pfn, end - pfn, this.#codes.numberOf(code));
      pfn = end;
    }
    return true;
  }

  /** Within a stretch each page changes in the same way, and a total by the same number at each write; else it cannot be told. */
  #seeTotals({ first, last, page }: Stretch, found: Audit, before: Uint16Array): boolean {
    const writes = last - first + 1;
    const now = this.#states;
    const alike = (states: Uint16Array) => states.subarray(page, page + writes).every((code) => code === states[page]);
    for (const total of this.#totals) {
      const value = total.value(found);
      const each = (value - total.last) / writes;
      if (each === 0) continue;
      if (writes > 1 && !(Number.isInteger(each) && alike(before) && alike(now))) return false;
      for (let step = first; step <= last; step++) total.rows.add(step, total.last + each * (step - first + 1));
      total.last = value;
    }
    return true;
  }

  /** The collected changes. */
  recorded(): Pick<Recording, "states" | "map" | "totals"> {
    const states = this.#codes.all.map(stateWords);
    return {
      states,
      map: this.#map.packed,
      totals: this.#totals.map(({ name, rows }) => ({ name, rows: rows.packed })),
    };
  }
}
