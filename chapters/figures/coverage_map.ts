/**
 * The coverage of lowmem on one platform: a band for each outcome, with the strategies that share it.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Row } from "../../core/matrix.ts";
import { type Bands, bandWords, stackBands } from "./bands.ts";
import { type FigureCell, lowmemErrors } from "./cell.ts";
import { type Bar, coverageBars, errorBars, FATES, fateWords } from "./coverage_bars.ts";
import { ERROR_CLASSES } from "./error_classes.ts";
import type { Figure, FigureTable, Layout } from "./figure.ts";
import { HATCH, hatchMark } from "./hatch.ts";
import { axisMarks, axisWords, type MemoryAxis, memoryAxis } from "./memory_axis.ts";
import { paint, type PaintName } from "./palette.ts";
import { swatches } from "./swatches.ts";
import { count } from "./count.ts";
import { amount, defectsOf, sayDefects, stopWords, verdictOf } from "./verdict.ts";

const WIDTH = { wide: 900, narrow: 380 } as const;
const LEFT = 10;
const BAR = 22;
const MAX_BARS = 1600; // leaves room below 2,000 for axes and legend
const THINNEST = 1.5; // pixels: a single page is narrower, and must be seen

/** Strategies whose maps are the same, page by page. */
interface Outcome {
  readonly names: readonly string[];
  readonly cell: FigureCell;
}

/** All drawn data of a cell, as text: cells with equal text share a band. */
function keyOf(
  { row, audit }: FigureCell,
  errors: readonly (readonly { firstPfn: number; pages: number }[])[],
): string {
  return JSON.stringify([row.void, row.stop?.kind, audit?.coverageRanges, row.permissionErrors, errors]);
}

function outcomesOf(cells: readonly FigureCell[]): Outcome[] {
  const outcomes = new Map<string, { names: string[]; cell: FigureCell }>();
  for (const cell of cells) {
    const key = keyOf(cell, ERROR_CLASSES.map(({ key }) => lowmemErrors(cell, key)));
    const known = outcomes.get(key);
    if (known === undefined) outcomes.set(key, { names: [cell.row.strategy], cell });
    else known.names.push(cell.row.strategy);
  }
  return [...outcomes.values()];
}

/** The coverage of a row's lowmem, in words that need no legend. */
function says(row: Row): string {
  const verdict = verdictOf(row);
  if (verdict === "void") return `– ${row.void}`;
  if (verdict === "clean") return "✓ boots, every page right";
  const defects = sayDefects(defectsOf(row));
  if (verdict === "errors") return `▲ boots, but ${defects}`;
  const end = row.stop?.kind === "until" ? "halted as asked" : `✕ ${stopWords(row)}`;
  return defects === "" ? end : `${end}; by then ${defects}`;
}

const INKS = { clean: "clean", errors: "errors", stopped: "stopped", void: "muted" } as const;

function inkOf({ row }: FigureCell): PaintName {
  return row.stop?.kind === "until" ? "muted" : INKS[verdictOf(row)];
}

/** Pages at which some band changes. */
function boundariesOf(cells: readonly FigureCell[]): number[] {
  return cells.flatMap((cell) => {
    const runs = cell.audit?.coverageRanges ?? [];
    const ends = runs.map(({ firstPfn, pages }) => firstPfn + pages);
    const wrong = ERROR_CLASSES.flatMap(({ key }) => lowmemErrors(cell, key));
    return [...ends, ...wrong.flatMap(({ firstPfn, pages }) => [firstPfn, firstPfn + pages])];
  });
}

/** Bars of one kind of coverage, or the hatching of all errors. */
function barMark(all: readonly Bar[], fate: Bar["fate"], { bands }: Bands, axis: MemoryAxis): Plot.Markish {
  const share = FATES.find(({ color }) => color === fate)?.share ?? 1;
  const isWrong = fate === "error" || fate === "wrongFrame" || fate === "unmapped";
  const from = (bar: Bar) => axis.x(bar.firstPfn);
  const to = (bar: Bar) => axis.x(bar.firstPfn + bar.pages);
  const y = (bar: Bar) => bands[bar.band]?.y ?? 0;
  return Plot.rect(all.filter((bar) => bar.fate === fate), {
    x1: from,
    x2: (bar: Bar) => isWrong ? Math.max(to(bar), from(bar) + THINNEST) : to(bar),
    y1: (bar: Bar) => y(bar) + BAR * (1 - share),
    y2: (bar: Bar) => y(bar) + BAR,
    fill: fate === "error" ? HATCH : paint(fate),
    title: (bar: Bar) => bar.title,
  });
}

function describe(platform: string, outcomes: readonly Outcome[]): string {
  const sentences = outcomes.map(({ names, cell: { row } }) => {
    const of = row.void === undefined
      ? ` (${count(row.coverage.mapped)} of ${count(row.coverage.lowmemPages)} pages on the right frame)`
      : "";
    return `${names.join(", ")}: ${says(row).replace(/^\W+/, "")}${of}.`;
  });
  return `Lowmem on ${platform}, a band for each outcome. ${sentences.join(" ")}`;
}

/** The errors of a run of lowmem, by class. */
function errorLines({ row, ...cell }: FigureCell): (string | number)[][] {
  return ERROR_CLASSES.flatMap(({ key, label }) =>
    lowmemErrors({ ...cell }, key).map((
      { firstPfn, pages },
    ) => [row.strategy, `0x${firstPfn.toString(16)}`, pages, label])
  );
}

function tableOf(cells: readonly FigureCell[]): FigureTable {
  return {
    header: ["strategy", "first pfn", "pages", "what"],
    rows: cells.flatMap((cell) => [
      ...(cell.audit?.coverageRanges ?? []).map((run) => [
        cell.row.strategy,
        `0x${run.firstPfn.toString(16)}`,
        run.pages,
        fateWords(run),
      ]),
      ...errorLines(cell),
    ]),
  };
}

/**
 * The coverage map of one platform.
 *
 * @param platform Id of the platform, for the caption.
 * @param cells The cells of that platform, one for each strategy, in the order of the bands.
 * @param look A sentence for the caption that tells the reader what to look for.
 * @param layout Wide, unless said otherwise.
 * @returns The figure; its table has a line for each run, and one for each run of pages with a permission error.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { coverageMap } from "./mod.ts";
 *
 * const cells = [...matrix({ platforms: ["native-p6"], strategies: ["write-always"], memory: "16M" })];
 * assertEquals(coverageMap("native-p6", cells).table.rows, [["write-always", "0x0", 4096, "right frame, large page"]]);
 * ```
 */
export function coverageMap(
  platform: string,
  cells: readonly FigureCell[],
  look?: string,
  layout: Layout = "wide",
): Figure {
  const width = WIDTH[layout];
  const outcomes = outcomesOf(cells);
  const pages = Math.max(1, ...cells.map(({ row }) => row.coverage.lowmemPages));
  const axis = memoryAxis(pages, boundariesOf(cells), LEFT, width - LEFT - 8);
  const asked = outcomes.map(({ names, cell }) => (
    { name: names.join(", "), says: says(cell.row), ink: inkOf(cell), bar: BAR }
  ));
  const limit = Math.max(1, Math.floor(MAX_BARS / 2 / Math.max(1, outcomes.length)));
  const bars = outcomes.flatMap((
    { cell },
    band,
  ) => [...coverageBars(cell, band, limit), ...errorBars(cell, band, limit)]);
  const fates = FATES.filter(({ color }) => bars.some(({ fate }) => fate === color));
  const hatched = bars.some(({ fate }) => fate === "error");
  const entries = [
    ...fates.map(({ color, share, label }) => ({ fill: paint(color), share, label })),
    ...(hatched ? [{ fill: HATCH, share: 1, label: "some permission is wrong" }] : []),
  ];
  const legend = swatches(entries, LEFT, 2, width - 2 * LEFT);
  const bands = stackBands(asked, legend.height + 10, width - 2 * LEFT);
  const right = cells.some(({ row }) => row.void === undefined && row.coverage.mapped === row.coverage.lowmemPages);
  return {
    options: {
      width,
      height: bands.end + 44,
      margin: 0,
      style: { fontSize: "12px" },
      x: { type: "identity", axis: null },
      y: { type: "identity", axis: null },
      marks: [
        ...(hatched ? [hatchMark("error")] : []),
        ...legend.marks,
        ...bandWords(bands, LEFT),
        ...fates.map(({ color }) => barMark(bars, color, bands, axis)),
        ...(hatched ? [barMark(bars, "error", bands, axis)] : []),
        ...axisMarks(axis, bands.end + 2),
      ],
    },
    caption: `Coverage of lowmem on ${platform}, ${amount(pages)}${
      right ? "" : ": no strategy maps all of it rightly"
    }.${axisWords(axis)}${look === undefined ? "" : ` ${look}`}`,
    description: describe(platform, outcomes),
    table: tableOf(cells),
  };
}
