/**
 * Where lowmem is mapped, and how: one band for each strategy on one platform.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Row } from "../../core/matrix.ts";
import type { FigureCell } from "./cell.ts";
import { type Bar, coverageBars, errorBars, FATES, fateWords } from "./coverage_bars.ts";
import type { Figure, FigureTable } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint } from "./palette.ts";
import { count, verdictOf } from "./verdict.ts";

const WIDTH = 1000;
const BAND = 36;
const MARGIN = { marginLeft: 162, marginTop: 8, marginRight: 116, marginBottom: 62 } as const;
const MAX_BARS = 1600; // leaves room below 2,000 for axes and legend
const PAGES_PER_MIB = 256;
const STRIP = 5; // height of the strip of permission errors below a band

const STRIP_ENTRY: LegendEntry = { symbol: "low", color: "error", filled: true, label: "any permission error" };

/** Bars of one fate. A single page is narrower than a pixel, so a bar is at least `least` pages wide on paper. */
function bars(all: readonly Bar[], fate: Bar["fate"], share: number, min: number): Plot.Markish {
  const height = BAND - STRIP - 8;
  return Plot.barX(all.filter((bar) => bar.fate === fate), {
    y: (bar: Bar) => bar.strategy,
    x1: (bar: Bar) => bar.firstPfn / PAGES_PER_MIB,
    x2: (bar: Bar) => (bar.firstPfn + Math.max(bar.pages, min)) / PAGES_PER_MIB,
    insetTop: fate === "error" ? BAND - STRIP - 2 : 3 + height * (1 - share),
    insetBottom: fate === "error" ? 2 : STRIP + 5,
    fill: paint(fate),
    title: (bar: Bar) => bar.title,
  });
}

/** Marks at multiples of a power of two, about eight of them: memory has no round tens. */
function mebibyteTicks(end: number): number[] {
  const step = 2 ** Math.ceil(Math.log2(end / 8));
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, at) => at * step);
}

function note({ row }: FigureCell): string {
  if (row.void !== undefined) return "void";
  const right = `${count(row.coverage.mapped)} right`;
  if (row.stop?.kind === "until") return `${right}\nhalted here`;
  return verdictOf(row) === "stopped" ? `${right}\n✕ stopped` : right;
}

/** What became of a row's lowmem, fates that no page has left out. */
function pagesSay({ coverage: { lowmemPages, mapped, wrongFrame, unmapped } }: Row): string {
  if (mapped === lowmemPages) return `all ${count(mapped)} pages right`;
  const wrong = wrongFrame === 0 ? "" : `, ${count(wrongFrame)} at a wrong frame`;
  const absent = unmapped === 0 ? "" : `, ${count(unmapped)} not mapped`;
  return `${count(mapped)} of ${count(lowmemPages)} pages right${wrong}${absent}`;
}

/** How a boot ended that did not finish: whoever asked for `until` halted it, and nothing was wrong. */
function endWord({ stop }: Row): string {
  return stop?.kind === "until" ? "was halted" : "stopped";
}

function describe(platform: string, cells: readonly FigureCell[]): string {
  const sentences = cells.map(({ row }) => {
    if (row.void !== undefined) return `${row.strategy}: void.`;
    return `${row.strategy}${row.booted ? "" : ` (when it ${endWord(row)})`}: ${pagesSay(row)}.`;
  });
  return `Lowmem on ${platform}, one band for each strategy. ${sentences.join(" ")}`;
}

function tableOf(cells: readonly FigureCell[]): FigureTable {
  return {
    header: ["strategy", "first pfn", "pages", "fate"],
    rows: cells.flatMap(({ row, audit }) =>
      (audit?.coverageRanges ?? []).map((run) => [
        row.strategy,
        `0x${run.firstPfn.toString(16)}`,
        run.pages,
        fateWords(run),
      ])
    ),
  };
}

/**
 * The coverage map of one platform.
 *
 * @param platform Id of the platform, for the caption.
 * @param cells The cells of that platform, one for each strategy, in the order of the bands.
 * @param look What to look for: a sentence that follows in the caption.
 * @returns The figure; its table has a line for each run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { coverageMap } from "./mod.ts";
 *
 * const cells = [...matrix({ platforms: ["native-p6"], strategies: ["write-always"], memory: "16M" })];
 * assertEquals(coverageMap("native-p6", cells).table.rows, [["write-always", "0x0", 4096, "right, large"]]);
 * ```
 */
export function coverageMap(platform: string, cells: readonly FigureCell[], look?: string): Figure {
  const limit = Math.max(1, Math.floor(MAX_BARS / 2 / Math.max(1, cells.length)));
  const asked = cells.filter(({ row }) => row.void === undefined);
  const all = asked.flatMap((cell) => [...coverageBars(cell, limit), ...errorBars(cell, limit)]);
  const lowmemPages = Math.max(1, ...cells.map(({ row }) => row.coverage.lowmemPages));
  const min = lowmemPages / (WIDTH - MARGIN.marginLeft - MARGIN.marginRight) * 1.5;
  const notes = new Map(cells.map((cell) => [cell.row.strategy, note(cell)]));
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + cells.length * BAND + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { type: "linear", domain: [0, lowmemPages / PAGES_PER_MIB] },
      y: { type: "band", domain: cells.map(({ row }) => row.strategy), padding: 0 },
      marks: [
        Plot.axisX({
          ticks: mebibyteTicks(lowmemPages / PAGES_PER_MIB),
          label: "lowmem, MiB from PAGE_OFFSET →",
          labelAnchor: "center",
          labelOffset: 32,
        }),
        Plot.axisY({ label: null, tickSize: 0 }),
        Plot.axisY({ anchor: "right", label: null, tickSize: 0, tickFormat: (id: string) => notes.get(id) ?? "" }),
        Plot.ruleY(cells, { y: ({ row }: FigureCell) => row.strategy, stroke: paint("line"), dy: BAND / 2 }),
        ...FATES.map(({ color, share }) =>
          bars(all, color, share, color === "wrongFrame" || color === "unmapped" ? min : 0)
        ),
        bars(all, "error", 1, min),
        ...legend([...FATES, STRIP_ENTRY], -MARGIN.marginLeft + 8, MARGIN.marginBottom - 12),
      ],
    },
    caption: `Coverage of lowmem on ${platform}: what each strategy maps, to which frame, in which size.${
      look === undefined ? "" : ` ${look}`
    }`,
    description: describe(platform, cells),
    table: tableOf(cells),
  };
}
