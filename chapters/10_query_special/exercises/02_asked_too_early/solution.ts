/**
 * A solution.
 *
 * Alternatives: one pass with a set, as here, since a trace is in order of time; or two maps, pfn to number of the write, and a comparison.
 * The set forgets nothing: a page whose leaf is written again, read-only, before it becomes a table was still mapped writable at some time. If
 * you would rather not count it, delete it from the set then; on the boots of this test that makes no difference.
 *
 * @module
 */

import { frameOf, P, type Run, RW } from "@pagetable-init/textbook";

/** Something that happened to a page. */
export interface PageEvent {
  readonly kind: "leaf" | "table";
  readonly pfn: number;
  /** For a leaf: whether the page could be written through it afterwards. */
  readonly writable: boolean;
}

/** The events of a boot, in order of time. */
export function eventsOf({ trace, kernel }: Run): PageEvent[] {
  const kinds = { set_pte: "leaf", set_pmd: "table", set_pud: "table" } as const;
  return [...trace].flatMap(({ op, asked, stored }) => {
    const kind = op === "set_pte" || op === "set_pmd" || op === "set_pud" ? kinds[op] : undefined;
    if (kind === undefined || (asked.lo & P) === 0) return [];
    return [{ kind, pfn: kernel.ops.toPfn(frameOf(asked.lo, asked.hi)), writable: (stored.lo & RW) !== 0 }];
  });
}

export function askedTooEarly(events: readonly PageEvent[]): number[] {
  const found: number[] = [];
  // Your lines: about six.
  const writable = new Set<number>();
  for (const event of events) {
    if (event.kind === "leaf" && event.writable) writable.add(event.pfn);
    if (event.kind === "table" && writable.has(event.pfn)) found.push(event.pfn);
  }
  // End of your lines.
  return found;
}
