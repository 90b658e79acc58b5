/**
 * The map of lowmem over time: what changes from one look to the next.
 *
 * @module
 */

import type { Audit, Guest } from "../../core/audit/mod.ts";
import { ERROR_CLASSES } from "../figures/error_classes.ts";
import { Names } from "./names.ts";
import { auditPages, stateWords } from "./page_states.ts";
import { type Recording, WIDTHS } from "./recording.ts";
import { RowPacker } from "./rows.ts";

/** What is counted, by name. */
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

/** Collects the changes of the map. */
export class LowmemMap {
  /** Pages of lowmem; 0 before the first look. */
  pages = 0;
  readonly #codes = new Names<number>();
  readonly #map = new RowPacker(WIDTHS.map);
  readonly #totals = TOTALS.map(([name, value]) => ({ name, value, rows: new RowPacker(WIDTHS.totals), last: -1 }));
  #states: Uint16Array = new Uint16Array(0);

  /** Looks at the map after a step. Steps must come in order. */
  see(step: number, guest: Guest): void {
    const { found, states } = auditPages(guest);
    this.#seeStates(step, states);
    for (const total of this.#totals) {
      const value = total.value(found);
      if (value === total.last) continue;
      total.rows.add([step, value]);
      total.last = value;
    }
  }

  /** Adds a row for each run of pages that changed to the same state. */
  #seeStates(step: number, states: Uint16Array): void {
    const before = this.#states;
    for (let pfn = 0; pfn < states.length;) {
      const code = states[pfn] ?? 0;
      let end = pfn;
      while (end < states.length && states[end] === code && before[end] !== code) end++;
      if (end > pfn) this.#map.add([step, pfn, end - pfn, this.#codes.numberOf(code)]);
      pfn = Math.max(end, pfn + 1);
    }
    this.#states = states;
    this.pages = states.length;
  }

  /** What was collected. */
  recorded(): Pick<Recording, "states" | "map" | "totals"> {
    const states = this.#codes.all.map(stateWords);
    return {
      states,
      map: this.#map.packed,
      totals: this.#totals.map(({ name, rows }) => ({ name, rows: rows.packed })),
    };
  }
}
