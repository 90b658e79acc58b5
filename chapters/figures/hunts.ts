/**
 * How far random guests came: each a line that ends where its guest gave up, or in a cross where it got through.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint } from "./palette.ts";
import { SYMBOLS } from "./symbols.ts";
import { count } from "./verdict.ts";

/** A guest and how far it came. */
export interface GuestRun {
  /** The hypervisor that it had, for the heading of its lines. */
  readonly host: string;
  /** Number of the guest. */
  readonly seed: number;
  /** Requests that it made. */
  readonly requests: number;
  /** Whether the last one gave it what no guest may have. */
  readonly found: boolean;
}

const WIDTH = 720;
const LINE = 5;
const GAP_LINES = 4;
const MARGIN = { marginLeft: 150, marginTop: 8, marginRight: 20, marginBottom: 64 } as const;
const LEGEND: readonly LegendEntry[] = [
  { symbol: "dash", color: "clean", filled: false, label: "never came through" },
  { symbol: "cross", color: "stopped", filled: false, label: "writes a page table" },
];

/** A run and its line, counted from the top. */
interface Placed extends GuestRun {
  readonly line: number;
}

/** Lines below each other, with a gap below each group. */
function placed(runs: readonly GuestRun[], hosts: readonly string[]): Placed[] {
  return runs.map((run, at) => ({ ...run, line: at + hosts.indexOf(run.host) * GAP_LINES }));
}

function marksOf(runs: readonly Placed[], hosts: readonly string[]): Plot.Markish[] {
  const found = runs.filter((run) => run.found);
  const line = (all: readonly Placed[], color: "clean" | "stopped") =>
    Plot.ruleY(all, {
      y: "line",
      x1: 0,
      x2: "requests",
      stroke: paint(color),
      strokeWidth: color === "clean" ? 1 : 2,
      title: ({ host, seed, requests }: Placed) => `${host}, guest ${seed}: ${count(requests)} requests`,
    });
  const middles = hosts.map((host) => runs.filter((run) => run.host === host)).map((own) => ({
    host: own[0]?.host ?? "",
    line: ((own[0]?.line ?? 0) + (own.at(-1)?.line ?? 0)) / 2,
  }));
  return [
    line(runs.filter((run) => !run.found), "clean"),
    line(found, "stopped"),
    Plot.dot(found, {
      y: "line",
      x: "requests",
      r: 6,
      symbol: SYMBOLS.cross,
      stroke: paint("stopped"),
      strokeWidth: 2.4,
    }),
    Plot.text(middles, { y: "line", x: 0, text: "host", textAnchor: "end", dx: -10, fill: paint("ink") }),
  ];
}

/**
 * The guests as lines, a group for each hypervisor.
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
  const lines = runs.length + hosts.length * GAP_LINES;
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + lines * LINE + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { label: "requests →", tickFormat: (requests: number) => count(requests) },
      y: { axis: null, type: "linear", domain: [-1, lines - 1], reverse: true },
      marks: [
        Plot.gridX({ stroke: paint("line"), strokeOpacity: 1 }),
        ...marksOf(placed(runs, hosts), hosts),
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
