/**
 * What boots cost: entries written, calls to the host, stores that the host emulated.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Row } from "../../core/matrix.ts";
import type { Figure } from "./figure.ts";
import { paint } from "./palette.ts";
import { count } from "./verdict.ts";

const WIDTH = 1000;
const BAND = 26;
const MARGIN = { marginLeft: 176, marginTop: 30, marginRight: 24, marginBottom: 44 } as const;

const COSTS: readonly { readonly key: keyof Row["cost"]; readonly label: string }[] = [
  { key: "entryWrites", label: "entries written" },
  { key: "hypercalls", label: "calls to the host" },
  { key: "emulatedStores", label: "stores emulated" },
];

interface Bar {
  readonly name: string;
  readonly label: string;
  readonly amount: number;
}

function describe(what: string, rows: readonly Row[], nameOf: (row: Row) => string): string {
  const sentences = rows.map((row) => {
    const costs = COSTS.map(({ key, label }) => `${count(row.cost[key])} ${label}`).join(", ");
    return `${nameOf(row)}: ${costs}.`;
  });
  return `Costs of booting ${what}. ${sentences.join(" ")}`;
}

function marksOf(bars: readonly Bar[]): Plot.Markish[] {
  const place = { fx: (bar: Bar) => bar.label, y: (bar: Bar) => bar.name } as const;
  return [
    Plot.ruleX([0], { stroke: paint("muted") }),
    Plot.barX(bars, { ...place, x: (bar: Bar) => bar.amount, fill: paint("small"), insetTop: 15, insetBottom: 3 }),
    Plot.text(bars, {
      ...place,
      x: 0,
      text: (bar: Bar) => count(bar.amount),
      textAnchor: "start",
      dx: 4,
      dy: -6,
      fill: paint("ink"),
    }),
  ];
}

/**
 * The cost chart of some rows of the matrix.
 *
 * @param what What was booted, for the caption: `"filter-set-pte"`, `"on xen-pae"`.
 * @param rows The rows, in the order of the lines.
 * @param by Whether a line is named after its strategy or its platform.
 * @returns The figure; its table has the numbers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { costBars } from "@pagetable-init/chapters";
 * import { matrix } from "@pagetable-init/textbook";
 *
 * const rows = [...matrix({ platforms: ["native-p6"], strategies: ["write-always"] })].map(({ row }) => row);
 * assertEquals(costBars("write-always", rows, "platform").table.rows, [["native-p6", 788, 0, 0]]);
 * ```
 */
export function costBars(what: string, rows: readonly Row[], by: "strategy" | "platform"): Figure {
  const nameOf = (row: Row) => row[by];
  const bars = rows.flatMap((row) =>
    COSTS.map(({ key, label }): Bar => ({ name: nameOf(row), label, amount: row.cost[key] }))
  );
  const max = Math.max(1, ...bars.map(({ amount }) => amount));
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + rows.length * BAND + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      fx: { domain: COSTS.map(({ label }) => label), label: null, padding: 0.08 },
      x: { type: "symlog", domain: [0, max] },
      y: { type: "band", domain: rows.map(nameOf), padding: 0, label: null, tickSize: 0 },
      marks: [
        Plot.axisFx({ anchor: "top" }),
        Plot.axisX({
          ticks: [1, 100, 10_000],
          tickFormat: (amount: number) => amount < 1000 ? `${amount}` : "10k",
          label: "logarithmic →",
        }),
        Plot.axisY({ label: null, tickSize: 0 }),
        Plot.gridY({ y: (name: string) => name, stroke: paint("line"), strokeOpacity: 1, dy: BAND / 2 }),
        ...marksOf(bars),
      ],
    },
    caption: `What it costs to boot ${what}.`,
    description: describe(what, rows, nameOf),
    table: {
      header: [by, ...COSTS.map(({ label }) => label)],
      rows: rows.map((row) => [nameOf(row), ...COSTS.map(({ key }) => row.cost[key])]),
    },
  };
}
