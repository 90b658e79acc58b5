/**
 * What tells two rules apart: a cell for each pair, with the simplest machine on which they differ.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint } from "./palette.ts";

/** How much it takes to tell two rules apart: a plain machine, an unusual one, one of a later time; or no machine was found. */
export type Telling = "plain" | "unusual" | "later" | "none";

/** Two rules, and the simplest machine on which they differ. */
export interface PairCell {
  /** Id of a strategy. */
  readonly a: string;
  /** Id of another strategy, which stands below the first. */
  readonly b: string;
  /** Short name of the machine; empty where none was found. */
  readonly machine: string;
  /** What it takes. */
  readonly telling: Telling;
}

const CELL = { width: 48, height: 26 } as const;
const MARGIN = { marginLeft: 8, marginTop: 8, marginRight: 150, marginBottom: 58 } as const;

/** How full a cell is, by what it takes. */
const OPACITY: { readonly [telling in Telling]: number } = { plain: 0, unusual: 0.25, later: 0.5, none: 1 };
const LEGEND: readonly LegendEntry[] = [
  { symbol: "full", color: "clean", filled: true, label: "=  no machine of the hunt tells them apart" },
];

function words({ machine, telling }: PairCell): string {
  if (telling === "none") return "=";
  return telling === "unusual" ? `${machine}*` : telling === "later" ? "later" : machine;
}

/** The name of a rule at the end of its row, which is the head of its column too. */
interface Name {
  readonly id: string;
  readonly at: number;
}

function marksOf(cells: readonly PairCell[], ids: readonly string[]): Plot.Markish[] {
  const names: Name[] = ids.map((id, at) => ({ id, at }));
  const x = ({ a }: PairCell) => ids.indexOf(a);
  const y = ({ b }: PairCell) => ids.indexOf(b);
  const box = (cell: PairCell) => ({ x1: x(cell), x2: x(cell) + 1, y1: y(cell), y2: y(cell) + 1 });
  const boxes = cells.map((cell) => ({ ...cell, ...box(cell) }));
  const edges = { x1: "x1", x2: "x2", y1: "y1", y2: "y2", inset: 1.5 } as const;
  return [
    Plot.rect(boxes, {
      ...edges,
      fill: paint("clean"),
      fillOpacity: ({ telling }: PairCell) => OPACITY[telling],
    }),
    Plot.rect(boxes, { ...edges, fill: "none", stroke: paint("muted"), strokeOpacity: 0.5 }),
    Plot.text(cells, {
      x: (cell: PairCell) => x(cell) + 0.5,
      y: (cell: PairCell) => y(cell) + 0.5,
      text: words,
      fontSize: 10,
      fill: ({ telling }: PairCell) => paint(telling === "none" ? "paper" : "ink"),
    }),
    Plot.text(names, {
      x: "at",
      y: ({ at }: Name) => at + 0.5,
      text: "id",
      textAnchor: "start",
      dx: 6,
      fill: paint("ink"),
    }),
  ];
}

/**
 * The pairs as a triangle. The name of a rule stands at the end of its row and above its column.
 *
 * @param cells A cell for each pair; the rules stand in the order in which they come first.
 * @returns The figure; its table has the same lines and columns.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pairGrid } from "@pagetable-init/chapters";
 *
 * const { table } = pairGrid([{ a: "ask-callback", b: "filter-set-pte", machine: "", telling: "none" }]);
 * assertEquals(table, { header: ["", "ask-callback"], rows: [["filter-set-pte", "="]] });
 * ```
 */
export function pairGrid(cells: readonly PairCell[]): Figure {
  const ids = [...new Set([...cells.map(({ a }) => a), ...cells.map(({ b }) => b)])];
  const wordsOf = (a: string, b: string) => cells.filter((it) => it.a === a && it.b === b).map(words).join();
  const rows = ids.slice(1).map((b) => [b, ...ids.slice(0, -1).map((a) => wordsOf(a, b))]);
  const same = cells.filter(({ telling }) => telling === "none").map(({ a, b }) => `${a} and ${b}`);
  const late = cells.filter(({ telling }) => telling === "later").map(({ a, b }) => `${a} and ${b}`);
  return {
    options: {
      width: MARGIN.marginLeft + ids.length * CELL.width + MARGIN.marginRight,
      height: MARGIN.marginTop + ids.length * CELL.height + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { axis: null, type: "linear", domain: [0, ids.length] },
      y: { axis: null, type: "linear", domain: [ids.length, 0] },
      marks: [
        ...marksOf(cells, ids),
        ...legend(LEGEND, 0, MARGIN.marginBottom - 34),
        Plot.text(
          ["a name: a plain machine of 2007     name*: an unusual one     later: none of 2007, one of a later time"],
          {
            frameAnchor: "bottom-left",
            textAnchor: "start",
            dy: MARGIN.marginBottom - 12,
            dx: 1,
            fill: paint("ink"),
          },
        ),
      ],
    },
    caption: "The simplest machine on which two rules differ. The fuller a cell, the more it takes.",
    description: [
      `A triangle of ${cells.length} pairs of ${ids.length} rules.`,
      `A plain machine tells ${cells.filter(({ telling }) => telling === "plain").length} apart,`,
      `an unusual one ${cells.filter(({ telling }) => telling === "unusual").length} more.`,
      late.length === 0 ? "" : `Only a later one tells apart ${late.join(", ")}.`,
      same.length === 0 ? "" : `None was found for ${same.join(", ")}.`,
    ].filter((it) => it !== "").join(" "),
    table: { header: ["", ...ids.slice(0, -1)], rows },
  };
}
