/**
 * How long a machine's work takes, as ratios to the same work done elsewhere, beside the ratios that were aimed at.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint, type PaintName } from "./palette.ts";
import { SYMBOLS } from "./symbols.ts";

/** A line of the benchmark. */
export interface Ratio {
  /** What is measured. */
  readonly name: string;
  /** What it takes, over what it is held against: smaller is better. */
  readonly ratio: number;
  /** The ratio aimed at. */
  readonly target: number;
  /** What it is held against. */
  readonly against: string;
}

const WIDTH = 860;
const BAND = 26;
const MARGIN = { marginLeft: 330, marginTop: 8, marginRight: 60, marginBottom: 70 } as const;
const TICKS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100] as const;
/** What a number beside a dot takes of a logarithmic scale. */
const ROOM = 0.6;
const LEGEND: readonly LegendEntry[] = [
  { symbol: "full", color: "clean", filled: true, label: "within its aim" },
  { symbol: "warning", color: "errors", filled: true, label: "beyond it" },
  { symbol: "cross", color: "muted", filled: false, label: "the aim" },
];

function isMet({ ratio, target }: Ratio): boolean {
  return ratio <= target;
}

function marksOf(results: readonly Ratio[]): Plot.Markish[] {
  const dots = (rows: readonly Ratio[], color: PaintName, symbol: Plot.SymbolType | (typeof SYMBOLS)["full"]) =>
    Plot.dot(rows, { x: "ratio", y: "name", r: 5.5, symbol, fill: paint(color), stroke: "none", title: sentence });
  return [
    Plot.ruleY(results, { x1: "ratio", x2: "target", y: "name", stroke: paint("muted"), strokeWidth: 1 }),
    Plot.dot(results, { x: "target", y: "name", r: 5, symbol: SYMBOLS.cross, stroke: paint("muted"), strokeWidth: 2 }),
    dots(results.filter(isMet), "clean", "square"),
    dots(results.filter((result) => !isMet(result)), "errors", SYMBOLS.warning),
    numbers(results.filter(({ ratio, target }) => ratio < target), "end", -10),
    numbers(results.filter(({ ratio, target }) => ratio >= target), "start", 10),
  ];
}

/** The ratios in figures, on the side that looks away from the aim. */
function numbers(results: readonly Ratio[], textAnchor: "start" | "end", dx: number): Plot.Markish {
  return Plot.text(results, {
    x: "ratio",
    y: "name",
    text: ({ ratio }: Ratio) => `${ratio}`,
    textAnchor,
    dx,
    fill: paint("ink"),
  });
}

function sentence({ name, ratio, target, against }: Ratio): string {
  return `${name}: ${ratio} times ${against}, aimed at ${target}`;
}

/** The powers of ten, and three times those, that lie around all numbers, with room for a number beside the least. */
function ticksOf(results: readonly Ratio[]): number[] {
  const numbers = results.flatMap(({ ratio, target }) => [ratio, target]);
  const [min, max] = [Math.min(1, ...numbers), Math.max(1, ...numbers)];
  const first = TICKS.findLastIndex((tick) => tick <= min * ROOM);
  const last = TICKS.findIndex((tick) => tick >= max);
  return TICKS.slice(Math.max(0, first), last < 0 ? TICKS.length : last + 1);
}

/**
 * The chart of ratios.
 *
 * @param what What took part, for the caption: `"our machine"`.
 * @param results The ratios, in the order of the lines.
 * @returns The figure; its table has a line for each ratio.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ratioChart } from "@pagetable-init/chapters";
 *
 * const { table } = ratioChart("our machine", [{ name: "TLB hit", ratio: 2.9, target: 3.5, against: "C" }]);
 * assertEquals(table.rows, [["TLB hit", "C", 2.9, 3.5]]);
 * ```
 */
export function ratioChart(what: string, results: readonly Ratio[]): Figure {
  const ticks = ticksOf(results);
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + results.length * BAND + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { type: "log", domain: [ticks[0] ?? 0.1, ticks.at(-1) ?? 10] },
      y: { type: "band", domain: results.map(({ name }) => name), label: null, padding: 0 },
      marks: [
        Plot.gridX(ticks, { stroke: paint("line"), strokeOpacity: 1 }),
        Plot.ruleX([1], { stroke: paint("muted") }),
        Plot.axisX(ticks, { label: "times as long, logarithmic →", tickFormat: (ratio: number) => `${ratio}` }),
        Plot.axisY({ label: null, tickSize: 0 }),
        ...marksOf(results),
        ...legend(LEGEND, 0, MARGIN.marginBottom - 12),
      ],
    },
    caption: `What ${what} takes, as a ratio, beside the ratio aimed at.`,
    description: `${results.filter(isMet).length} of ${results.length} within what was aimed at. ${
      results.map((result) => `${sentence(result)}.`).join(" ")
    }`,
    table: {
      header: ["work", "held against", "ratio", "aimed at"],
      rows: results.map(({ name, against, ratio, target }) => [name, against, ratio, target]),
    },
  };
}
