/**
 * One kernel, one record of operations, and the work that each back-end does for the same calls.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { paint, type PaintName } from "./palette.ts";
import { count } from "./count.ts";

/** One boot through one back-end. */
export interface BackEnd {
  /** The platform. */
  readonly name: string;
  /** Calls of operations that the kernel made. */
  readonly calls: number;
  /** Entries that were written. */
  readonly entries: number;
  /** Calls to the host. */
  readonly hostCalls: number;
  /** Stores that the host caught and carried out. */
  readonly caught: number;
}

const ROW = 46;
const HEAD = 40;
const BAR = 150; // pixels of the longest bar
const WIDTH = 1000;
// Left edges, in pixels: the kernel, the record, the back-ends, and the three things that happen behind them.
const X = { kernel: 0, record: 116, backEnd: 330, entries: 480, hostCalls: 670, caught: 800 } as const;
const BOX = { kernel: 84, record: 96, backEnd: 112 } as const;

const BEHIND = [
  { key: "entries", says: "entries written", color: "small" },
  { key: "hostCalls", says: "calls to the host", color: "large" },
  { key: "caught", says: "stores caught by the host", color: "stopped" },
] as const satisfies readonly { readonly key: keyof BackEnd; readonly says: string; readonly color: PaintName }[];

interface Box {
  readonly x: number;
  readonly width: number;
  readonly y1: number;
  readonly y2: number;
  readonly says: string;
}

function boxesOf(ends: readonly BackEnd[]): Box[] {
  const bottom = HEAD + ends.length * ROW - 10;
  return [
    { x: X.kernel, width: BOX.kernel, y1: HEAD, y2: bottom, says: "the kernel" },
    { x: X.record, width: BOX.record, y1: HEAD, y2: bottom, says: "record of\noperations" },
    ...ends.map(({ name }, at) => {
      const y1 = HEAD + at * ROW;
      return { x: X.backEnd, width: BOX.backEnd, y1, y2: y1 + ROW - 10, says: name };
    }),
  ];
}

/** The arrows from the kernel to the record and from there to each back-end, with the calls that go along. */
function arrowMarks(ends: readonly BackEnd[]): Plot.Markish[] {
  const middle = (at: number) => HEAD + at * ROW + (ROW - 10) / 2;
  const from = X.record + BOX.record;
  const arrows = [
    { x1: X.kernel + BOX.kernel, x2: X.record, y: HEAD + (ends.length * ROW - 10) / 2, says: "" },
    ...ends.map(({ calls }, at) => ({ x1: from, x2: X.backEnd, y: middle(at), says: `${count(calls)} calls` })),
  ];
  const stroke = paint("muted");
  return [
    Plot.ruleY(arrows, { y: "y", x1: "x1", x2: ({ x2 }: { x2: number }) => x2 - 6, stroke, strokeWidth: 1.4 }),
    Plot.dot(arrows, {
      y: "y",
      x: ({ x2 }: { x2: number }) => x2 - 5,
      symbol: "triangle",
      rotate: 90,
      r: 4,
      fill: stroke,
    }),
    Plot.text(arrows, { y: "y", x: "x1", dx: 8, dy: -8, text: "says", textAnchor: "start", fill: paint("ink") }),
  ];
}

/** The work behind the back-ends: bars of one scale, each with its number. */
function behindMarks(ends: readonly BackEnd[]): Plot.Markish[] {
  const max = Math.max(1, ...ends.flatMap((end) => BEHIND.map(({ key }) => end[key])));
  return BEHIND.flatMap(({ key, says, color }) => {
    const bars = ends.map((end, at) => ({ y: HEAD + at * ROW, length: end[key] / max * BAR, says: count(end[key]) }));
    const used = bars.filter(({ length }) => length > 0);
    return [
      Plot.text([says], { x: X[key], y: HEAD - 16, textAnchor: "start", fontWeight: "bold", fill: paint("ink") }),
      Plot.rect(used, {
        x1: X[key],
        x2: ({ length }: { length: number }) => X[key] + Math.max(1.5, length),
        y1: ({ y }: { y: number }) => y + 18,
        y2: ({ y }: { y: number }) => y + ROW - 12,
        fill: paint(color),
      }),
      Plot.text(bars, {
        x: X[key],
        y: ({ y }: { y: number }) => y + 9,
        text: ({ says }: { says: string }) => says === "0" ? "none" : says,
        textAnchor: "start",
        fill: paint("ink"),
      }),
    ];
  });
}

/**
 * The same boot through several back-ends.
 *
 * @param ends The back-ends.
 * @returns The figure; its table has a line for each back-end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { backEnds } from "@pagetable-init/chapters";
 *
 * const { table } = backEnds([{ name: "vmi", calls: 808, entries: 788, hostCalls: 791, caught: 0 }]);
 * assertEquals(table.rows, [["vmi", 808, 788, 791, 0]]);
 * ```
 */
export function backEnds(ends: readonly BackEnd[]): Figure {
  const boxes = boxesOf(ends);
  const height = HEAD + ends.length * ROW;
  return {
    options: {
      width: WIDTH,
      height,
      margin: 0,
      marginLeft: 2,
      style: { fontSize: "12px" },
      x: { axis: null, domain: [0, WIDTH - 2] },
      y: { axis: null, domain: [0, height], reverse: true },
      marks: [
        Plot.rect(boxes, {
          x1: "x",
          x2: ({ x, width }: Box) => x + width,
          y1: "y1",
          y2: "y2",
          fill: paint("clean"),
          fillOpacity: 0.1,
          stroke: paint("muted"),
        }),
        Plot.text(boxes, {
          x: ({ x, width }: Box) => x + width / 2,
          y: ({ y1, y2 }: Box) => (y1 + y2) / 2,
          text: "says",
          fill: paint("ink"),
        }),
        ...arrowMarks(ends),
        ...behindMarks(ends),
      ],
    },
    caption:
      "The same boot through the back-ends: one kernel makes its calls, and what they cost depends on who is behind them. " +
      "All bars have one scale.",
    description: ends.map(({ name, calls, entries, hostCalls, caught }) =>
      `${name}: ${count(calls)} calls, ${count(entries)} entries written, ${count(hostCalls)} calls to the host, ${
        count(caught)
      } stores caught.`
    ).join(" "),
    table: {
      header: ["back-end", "calls of operations", "entries written", "calls to the host", "stores caught"],
      rows: ends.map(({ name, calls, entries, hostCalls, caught }) => [name, calls, entries, hostCalls, caught]),
    },
  };
}
