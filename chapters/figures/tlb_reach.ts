/**
 * Walks of a program that reads the same memory again and again, by the amount of memory.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { paint, type PaintName } from "./palette.ts";
import { count } from "./count.ts";

const WIDTH = 760;
const HEIGHT = 320;
const MARGIN = { marginLeft: 64, marginTop: 20, marginRight: 110, marginBottom: 44 } as const;
const LOOKS: readonly { readonly color: PaintName; readonly symbol: "circle" | "square" | "triangle" | "diamond" }[] = [
  { color: "error", symbol: "circle" },
  { color: "small", symbol: "square" },
  { color: "large", symbol: "triangle" },
  { color: "stopped", symbol: "diamond" },
];

/** Walks at one size of memory. */
export interface ReachPoint {
  /** Size of the pages, such as `"4 KiB"`. */
  readonly series: string;
  /** MiB that were gone through. */
  readonly mebibytes: number;
  /** Walks of the second time through. */
  readonly walks: number;
}

function seriesMarks(points: readonly ReachPoint[], name: string, at: number, shift: number): Plot.Markish[] {
  const own = points.filter(({ series }) => series === name);
  const { color, symbol } = LOOKS[at % LOOKS.length] as (typeof LOOKS)[number];
  const place = { x: "mebibytes", y: "walks" } as const;
  return [
    Plot.line(own, { ...place, stroke: paint(color), strokeWidth: 2 }),
    Plot.dot(own, { ...place, symbol, r: 4, fill: paint(color), stroke: "none" }),
    Plot.text(own.slice(-1), {
      ...place,
      text: ({ series }: ReachPoint) => `${series} pages`,
      textAnchor: "start",
      dx: 10,
      dy: shift,
      fill: paint("ink"),
      fontWeight: "bold",
    }),
  ];
}

/** Pixels by which the name at the end of a line moves so that it stays clear of the one below. */
function labelShifts(points: readonly ReachPoint[], names: readonly string[]): Map<string, number> {
  const ends = names.map((name) => ({ name, walks: points.filter(({ series }) => series === name).at(-1)?.walks ?? 0 }))
    .sort((a, b) => a.walks - b.walks);
  const isClose = (at: number) =>
    (ends[at]?.walks ?? 0) > 0 && (ends[at + 1]?.walks ?? Infinity) < 4 * (ends[at]?.walks ?? 0);
  return new Map(ends.map(({ name }, at) => [name, isClose(at) ? 6 : at > 0 && isClose(at - 1) ? -6 : 0]));
}

function describe(points: readonly ReachPoint[], names: readonly string[]): string {
  return names.map((name) => {
    const own = points.filter(({ series }) => series === name);
    const free = own.filter(({ walks }) => walks === 0).at(-1);
    const max = own.at(-1);
    return `${name} pages: no walk up to ${free?.mebibytes ?? 0} MiB, ${count(max?.walks ?? 0)} walks at ${
      max?.mebibytes ?? 0
    } MiB.`;
  }).join(" ");
}

/**
 * The chart of walks against memory in use.
 *
 * @param points The measurements, series by series, sizes ascending.
 * @returns The figure; its table has a line for each size and a column for each series.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tlbReach } from "@pagetable-init/chapters";
 *
 * const { table } = tlbReach([{ series: "4 KiB", mebibytes: 8, walks: 2048 }]);
 * assertEquals(table, { header: ["MiB", "4 KiB"], rows: [[8, 2048]] });
 * ```
 */
export function tlbReach(points: readonly ReachPoint[]): Figure {
  const names = [...new Set(points.map(({ series }) => series))];
  const sizes = [...new Set(points.map(({ mebibytes }) => mebibytes))];
  const walksOf = (series: string, size: number) =>
    points.find((it) => it.series === series && it.mebibytes === size)?.walks ?? "";
  const shifts = labelShifts(points, names);
  const max = Math.max(1, ...points.map(({ walks }) => walks));
  return {
    options: {
      width: WIDTH,
      height: HEIGHT,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { type: "log", base: 2, domain: [sizes[0] ?? 1, sizes.at(-1) ?? 2] },
      y: { type: "symlog", domain: [0, max] },
      marks: [
        Plot.gridY([1, 10, 100, 1_000, 10_000, 100_000], { stroke: paint("line"), strokeOpacity: 1 }),
        Plot.axisX(sizes, { label: "MiB gone through →", tickFormat: (size: number) => `${size}` }),
        Plot.axisY([0, 10, 100, 1_000, 10_000, 100_000], { label: "↑ walks, second time", tickFormat: count }),
        ...names.flatMap((name, at) => seriesMarks(points, name, at, shifts.get(name) ?? 0)),
      ],
    },
    caption: "Walks that the second time through memory still takes, by page size.",
    description: `A line for each page size, walks over memory in use. ${describe(points, names)}`,
    table: {
      header: ["MiB", ...names],
      rows: sizes.map((size) => [size, ...names.map((name) => walksOf(name, size))]),
    },
  };
}
