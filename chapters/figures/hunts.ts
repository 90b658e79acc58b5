/**
 * The progress of random guests: one bar for all that gave up, and a line with a cross for each that broke a rule.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint } from "./palette.ts";
import { SYMBOLS } from "./symbols.ts";
import { count } from "./count.ts";

/** A guest and its progress. */
export interface GuestRun {
  /** The hypervisor that it had, for the heading of its lines. */
  readonly host: string;
  /** Number of the guest. */
  readonly seed: number;
  /** Requests that it made. */
  readonly requests: number;
  /** Whether the last request gave it a right that no guest may have. */
  readonly found: boolean;
}

const WIDTH = 720;
const LINE = 19;
const GAP_LINES = 0.6;
const MARGIN = { marginLeft: 150, marginTop: 8, marginRight: 170, marginBottom: 64 } as const;
const LEGEND: readonly LegendEntry[] = [
  { symbol: "dash", color: "clean", filled: false, label: "gave up" },
  { symbol: "cross", color: "stopped", filled: false, label: "writes a page table" },
];

/** Guests of one host that came equally far without getting through, or one that got through; and where it is drawn. */
interface Bar {
  readonly host: string;
  readonly requests: number;
  readonly found: boolean;
  readonly says: string;
  /** Lines from the top. */
  readonly line: number;
}

/** A bar for each guest that broke a rule, and above these one for all guests that gave up. */
function barsOf(runs: readonly GuestRun[], hosts: readonly string[]): Bar[] {
  const bars: Bar[] = [];
  for (const [group, host] of hosts.entries()) {
    const own = runs.filter((run) => run.host === host);
    const ends = [...Map.groupBy(own.filter(({ found }) => !found), ({ requests }) => requests)];
    const rest = ends.map(([requests, of]) => ({
      requests,
      found: false,
      says: `${of.length} of ${own.length} guests`,
    }));
    const found = own.filter((run) => run.found).map(({ requests, seed }) => ({
      requests,
      found: true,
      says: `guest ${seed}, request ${count(requests)}`,
    }));
    for (const bar of [...rest, ...found]) bars.push({ ...bar, host, line: bars.length + group * GAP_LINES });
  }
  return bars;
}

function marksOf(bars: readonly Bar[], hosts: readonly string[]): Plot.Markish[] {
  const found = bars.filter((bar) => bar.found);
  const line = (all: readonly Bar[], color: "clean" | "stopped") =>
    Plot.ruleY(all, { y: "line", x1: 0, x2: "requests", stroke: paint(color), strokeWidth: color === "clean" ? 8 : 2 });
  const firsts = hosts.flatMap((host) => bars.find((bar) => bar.host === host) ?? []);
  return [
    line(bars.filter((bar) => !bar.found), "clean"),
    line(found, "stopped"),
    Plot.dot(found, {
      y: "line",
      x: "requests",
      r: 6,
      symbol: SYMBOLS.cross,
      stroke: paint("stopped"),
      strokeWidth: 2.4,
    }),
    Plot.text(bars, { y: "line", x: "requests", text: "says", textAnchor: "start", dx: 12, fill: paint("ink") }),
    Plot.text(firsts, { y: "line", x: 0, text: "host", textAnchor: "end", dx: -10, fill: paint("ink") }),
  ];
}

/**
 * The guests as bars, a group for each hypervisor.
 *
 * @param runs The guests, those of a hypervisor next to each other.
 * @returns The figure; its table has a line for each hypervisor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { guestRuns } from "@pagetable-init/chapters";
 *
 * const { table } = guestRuns([{ host: "Xen 3.1", seed: 1, requests: 7, found: true }]);
 * assertEquals(table.rows, [["Xen 3.1", 1, 1, "guest 1 after 7"]]);
 * ```
 */
export function guestRuns(runs: readonly GuestRun[]): Figure {
  const hosts = [...new Set(runs.map(({ host }) => host))];
  const rows = hosts.map((host) => {
    const own = runs.filter((run) => run.host === host);
    const found = own.filter((run) => run.found);
    const which = found.map(({ seed, requests }) => `guest ${seed} after ${count(requests)}`).join(", ");
    return [host, own.length, found.length, which] as const;
  });
  const bars = barsOf(runs, hosts);
  const lines = bars.length + hosts.length * GAP_LINES;
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + lines * LINE + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: {
        label: "requests →",
        labelAnchor: "center",
        labelOffset: 34,
        tickFormat: (requests: number) => count(requests),
      },
      y: { axis: null, type: "linear", domain: [-1, lines - 1], reverse: true },
      marks: [
        Plot.gridX({ stroke: paint("line"), strokeOpacity: 1 }),
        ...marksOf(bars, hosts),
        ...legend(LEGEND, 0, MARGIN.marginBottom - 14),
      ],
    },
    caption: "Random guests: how many requests each made, and which came to write one of their page tables.",
    description: rows.map(([host, guests, found, which]) =>
      `${host}: ${found} of ${guests} guests came to write a page table${found === 0 ? "" : ` (${which})`}.`
    ).join(" "),
    table: { header: ["hypervisor", "guests", "came through", "which"], rows },
  };
}
