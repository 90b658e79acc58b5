/**
 * Find the tables whose leaves were written before anyone knew what they would be.
 *
 * `eventsOf` makes a list of a boot's trace. A `leaf` event says that `pagetable_init` wrote the leaf that maps page `pfn`, and what the
 * entry held afterwards: writable or not. A `table` event says that an entry of a higher level was made to point to page `pfn`, so that it
 * is a page table from then on.
 *
 * Return the pages that were mapped writable by a leaf event and became tables later, in the order in which they became tables.
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
  for (const { kind, pfn } of events) if (kind === "table") found.push(pfn);
  // End of your lines.
  return found;
}
