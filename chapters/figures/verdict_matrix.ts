/**
 * The verdict on every strategy on every platform: one cell each.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Row } from "../../core/matrix.ts";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint, type PaintName } from "./palette.ts";
import { SYMBOLS } from "./symbols.ts";
import { count, defectsOf, explainVerdict, stopWords, type Verdict, VERDICT_WORDS, verdictOf } from "./verdict.ts";

const CELL = { width: 72, height: 50 } as const;
const MARGIN = { marginLeft: 182, marginTop: 42, marginRight: 8, marginBottom: 34 } as const;
const LEGEND_WIDTH = 900;
const NAMES = 14; // px: a phone shows the picture at a third of its width

type Look = LegendEntry & { readonly color: Verdict & PaintName };

const LOOKS: readonly Look[] = [
  { symbol: "tick", color: "clean", filled: false, label: VERDICT_WORDS.clean.label },
  { symbol: "warning", color: "errors", filled: true, label: VERDICT_WORDS.errors.label },
  { symbol: "cross", color: "stopped", filled: false, label: VERDICT_WORDS.stopped.label },
  { symbol: "dash", color: "void", filled: false, label: VERDICT_WORDS.void.label },
];

/** What a cell says below its symbol, in two lines: the worst defect and how many other kinds, or the kind of stop. */
function note(row: Row): string {
  if (verdictOf(row) === "stopped") return stopWords(row).replace(" ", "\n");
  if (verdictOf(row) !== "errors") return "";
  const [worst, ...others] = defectsOf(row);
  if (worst === undefined) return "";
  return `${count(worst.pages)}\n${worst.short}${others.length > 0 ? ` +${others.length}` : ""}`;
}

/** The marks of one verdict: tinted cells that carry the whole sentence, the symbol, the note. */
function marksOf({ symbol, color, filled }: Look, rows: readonly Row[]): Plot.Markish[] {
  const place = { x: (row: Row) => row.platform, y: (row: Row) => row.strategy, pointerEvents: "none" } as const;
  const dy = color === "errors" || color === "stopped" ? -12 : 0;
  const sentence = (row: Row) => `${row.strategy} on ${row.platform}: ${explainVerdict(row)}`;
  const ink = filled ? { fill: paint(color), stroke: "none" } : { stroke: paint(color), strokeWidth: 3 };
  return [
    Plot.cell(rows, {
      ...place,
      pointerEvents: "all",
      inset: 1.5,
      rx: 3,
      fill: paint(color),
      fillOpacity: 0.14,
      title: sentence,
    }),
    Plot.dot(rows, { ...place, symbol: SYMBOLS[symbol], r: 8, dy, ...ink }),
    Plot.text(rows, { ...place, text: note, dy: 9, fill: paint("ink") }),
  ];
}

function describe(rows: readonly Row[]): string {
  const all = (verdict: Verdict) => count(rows.filter((row) => verdictOf(row) === verdict).length);
  const counts = LOOKS.map(({ color }) => `${all(color)} ${VERDICT_WORDS[color].says}`);
  return `Of ${count(rows.length)} cells, strategies down and platforms across, ${counts.join(", ")}.`;
}

/**
 * The verdict matrix.
 *
 * @param rows Rows of the matrix, in any order; strategies and platforms appear in the order in which they first do.
 * @returns The figure; its table has a line for each row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { verdictMatrix } from "./mod.ts";
 *
 * const rows = [...matrix({ platforms: ["native-p6"], memory: "16M" })].map(({ row }) => row);
 * assertEquals(verdictMatrix(rows).table.rows.length, rows.length);
 * ```
 */
export function verdictMatrix(rows: readonly Row[]): Figure {
  const platforms = [...new Set(rows.map((row) => row.platform))];
  const strategies = [...new Set(rows.map((row) => row.strategy))];
  const cellsWidth = platforms.length * CELL.width;
  const width = Math.max(MARGIN.marginLeft + cellsWidth + MARGIN.marginRight, LEGEND_WIDTH);
  return {
    options: {
      width,
      height: MARGIN.marginTop + strategies.length * CELL.height + MARGIN.marginBottom,
      ...MARGIN,
      marginRight: width - MARGIN.marginLeft - cellsWidth,
      style: { fontSize: "12px" },
      x: { type: "band", domain: platforms, padding: 0 },
      y: { type: "band", domain: strategies, padding: 0 },
      marks: [
        Plot.axisX({
          anchor: "top",
          label: null,
          tickSize: 0,
          fontSize: NAMES,
          tickFormat: (id: string) => id.replace("-", "-\n"),
        }),
        Plot.axisY({ label: null, tickSize: 0, fontSize: NAMES }),
        ...LOOKS.flatMap((look) => marksOf(look, rows.filter((row) => verdictOf(row) === look.color))),
        ...legend(LOOKS, -MARGIN.marginLeft + 8, 20),
      ],
    },
    caption: "What becomes of each proposal on each platform.",
    description: describe(rows),
    table: {
      header: ["strategy", "platform", "verdict", "why"],
      rows: rows.map((row) => [row.strategy, row.platform, verdictOf(row), explainVerdict(row)]),
    },
  };
}
