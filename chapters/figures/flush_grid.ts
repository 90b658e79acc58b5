/**
 * The events that flush translations from a TLB: a row for each event, a column for each kind of page.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { paint } from "./palette.ts";

const CELL = { width: 130, height: 34 } as const;
const MARGIN = { marginLeft: 210, marginTop: 30, marginRight: 8, marginBottom: 8 } as const;

/** A translation in the TLB, and an event. */
export interface FlushCell {
  /** Name of the event. */
  readonly event: string;
  /** Name of the translation's page. */
  readonly page: string;
  /** Whether the translation survives the event. */
  readonly kept: boolean;
}

function words({ kept }: FlushCell): string {
  return kept ? "stays" : "forgotten";
}

/**
 * The grid of events and pages.
 *
 * @param cells A cell for each pair, as a machine answers.
 * @returns The figure; its table has a line for each event.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { flushGrid } from "@pagetable-init/chapters";
 *
 * const { table } = flushGrid([{ event: "CR3 is loaded", page: "4 KiB", kept: false }]);
 * assertEquals(table, { header: ["event", "4 KiB"], rows: [["CR3 is loaded", "forgotten"]] });
 * ```
 */
export function flushGrid(cells: readonly FlushCell[]): Figure {
  const events = [...new Set(cells.map(({ event }) => event))];
  const pages = [...new Set(cells.map(({ page }) => page))];
  const place = { x: "page", y: "event" } as const;
  const rows = events.map((event) => [event, ...cells.filter((it) => it.event === event).map(words)]);
  return {
    options: {
      width: MARGIN.marginLeft + pages.length * CELL.width + MARGIN.marginRight,
      height: MARGIN.marginTop + events.length * CELL.height + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { type: "band", domain: pages, padding: 0 },
      y: { type: "band", domain: events, padding: 0 },
      marks: [
        Plot.axisX({ anchor: "top", label: null, tickSize: 0 }),
        Plot.axisY({ label: null, tickSize: 0 }),
        Plot.cell(cells, {
          ...place,
          inset: 2,
          fill: paint("error"),
          fillOpacity: ({ kept }: FlushCell) => kept ? 0.35 : 0,
        }),
        Plot.cell(cells, { ...place, inset: 2, fill: "none", stroke: paint("muted") }),
        Plot.text(cells, { ...place, text: words, fill: paint("ink") }),
      ],
    },
    caption: "What the TLB forgets, by event and kind of page.",
    description: `A grid of ${events.length} events and ${pages.length} kinds of page. ${
      events.map((event) => {
        const kept = cells.filter((it) => it.event === event && it.kept).map(({ page }) => page);
        return `${event}: ${kept.length === 0 ? "all are forgotten" : `${kept.join(", ")} stay`}.`;
      }).join(" ")
    }`,
    table: { header: ["event", ...pages], rows },
  };
}
