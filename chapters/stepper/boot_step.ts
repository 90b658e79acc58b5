/**
 * One step of a boot: the map of lowmem, the write, the types and the log at that moment.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { PageColor } from "./page_states.ts";
import type { Recording } from "./recording.ts";
import { type OpenRecording, openRecording, stateAt, type StepState } from "./state_at.ts";
import { colorWords, grouped, mapWords, shownPages, stepWords, totalRows, typeRows, writeRows } from "./words.ts";
import type { Figure, FigureTable } from "../figures/figure.ts";
import { paint, type PaintName } from "../figures/palette.ts";
import { thinRuns } from "../figures/runs.ts";

const WIDTH = 900;
const ROWS = 64;
const ROW = 4;
const MIN_MAP = 128; // pixels
const LINE = 18;
const LETTERS = 132; // that fit the width
const MAX_LOG = 2; // lines: the last
const MAX_RUNS = 600; // each is three bars at most
const MARGIN = { marginTop: 8, marginLeft: 12, marginRight: 12 } as const;

const LOOKS: Readonly<
  Record<PageColor, { readonly paint: PaintName; readonly badness: number }>
> = {
  large: { paint: "large", badness: 0 },
  small: { paint: "small", badness: 1 },
  unmapped: { paint: "line", badness: 2 },
  readOnly: { paint: "ink", badness: 3 },
  error: { paint: "error", badness: 4 },
  wrongFrame: { paint: "wrongFrame", badness: 5 },
};

interface ColorRun {
  readonly firstPfn: number;
  readonly pages: number;
  readonly color: PageColor;
}

interface Bar {
  readonly row: number;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  readonly color: PageColor;
}

function runsOf({ states }: OpenRecording, { pages }: StepState): ColorRun[] {
  const runs: ColorRun[] = [];
  for (const [pfn, state] of pages.entries()) {
    const color = states[state]?.color ?? "unmapped";
    const last = runs.at(-1);
    if (last?.color === color) runs[runs.length - 1] = { ...last, pages: last.pages + 1 };
    else runs.push({ firstPfn: pfn, pages: 1, color });
  }
  return thinRuns(runs, MAX_RUNS, (run) => LOOKS[run.color].badness);
}

/** A run in rows of the map: the end of one, whole ones, the beginning of one. */
function barsOf({ firstPfn, pages, color }: ColorRun, columns: number): Bar[] {
  const bars: Bar[] = [];
  const end = firstPfn + pages;
  for (let pfn = firstPfn; pfn < end;) {
    const row = Math.floor(pfn / columns);
    const from = pfn % columns;
    const rows = from === 0 ? Math.max(1, Math.floor((end - pfn) / columns)) : 1;
    const to = rows > 1 ? columns : Math.min(columns, from + end - pfn);
    bars.push({ row, rows, from, to, color });
    pfn += (rows - 1) * columns + to - from;
  }
  return bars;
}

function mapMarks(bars: readonly Bar[], written: Bar | undefined): Plot.Markish[] {
  const place = {
    x1: "from",
    x2: "to",
    y1: "row",
    y2: (bar: Bar) => bar.row + bar.rows,
  } as const;
  const worstLast = [...bars].sort((a, b) => LOOKS[a.color].badness - LOOKS[b.color].badness);
  return [
    Plot.rect(worstLast, { ...place, fill: (bar: Bar) => paint(LOOKS[bar.color].paint), shapeRendering: "crispEdges" }),
    Plot.frame({ stroke: paint("void") }),
    Plot.rect(written === undefined ? [] : [written], {
      ...place,
      stroke: paint("stopped"),
      strokeWidth: 2,
      inset: -4,
    }),
  ];
}

function wrapped(line: string): string[] {
  const lines: string[] = [];
  for (let rest = line; rest !== "" || lines.length === 0;) {
    const cut = rest.length <= LETTERS ? rest.length : Math.max(rest.lastIndexOf(" ", LETTERS), 1);
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return lines;
}

/** The text of a step, a line each: the write, the totals, the types. */
function factsOf(open: OpenRecording, state: StepState, step: number): string[] {
  const pairs = (rows: readonly (readonly [string, string | number])[]) =>
    rows.map(([name, value]) => `${name} ${typeof value === "number" ? grouped(value) : value}`);
  const [, place = "", ...entries] = pairs(writeRows(open, step));
  return [
    stepWords(open, step),
    ...(step === 0 ? [] : [`It ${place}: ${entries.join("; ")}.`]),
    `In pages of 4K: ${pairs(totalRows(open, state)).join(", ")}.`,
    ...(open.types.length === 0 ? [] : [`Pages by type: ${pairs(typeRows(open, state)).join(", ")}.`]),
  ];
}

/** Letters and keys below the map, at pixels from its lower edge. */
function textMarks(open: OpenRecording, lines: readonly string[], colors: readonly PageColor[]): Plot.Markish[] {
  const place = { frameAnchor: "bottom-left", clip: false } as const;
  const letters = { ...place, textAnchor: "start", lineAnchor: "middle", fill: paint("ink") } as const;
  let x = 0;
  const says = colorWords(open);
  const written = { paint: "stopped" as const, says: "page of this write" };
  const keys = [
    ...colors.map((color) => ({ paint: LOOKS[color].paint, says: says[color] ?? color })),
    ...(open.space === undefined ? [written] : []),
  ];
  const legend = keys.flatMap(({ paint: color, says }) => {
    const dx = x;
    x += 34 + says.length * 6.4;
    const ink = color === "stopped" && says === "page of this write"
      ? { stroke: paint(color), strokeWidth: 2, fill: "none" }
      : { fill: paint(color), stroke: paint("void") };
    return [
      Plot.dot([0], { ...place, symbol: "square", r: 5, dx: dx + 6, dy: LINE, ...ink }),
      Plot.text([says], { ...letters, dx: dx + 17, dy: LINE }),
    ];
  });
  return [...legend, ...lines.map((line, at) => Plot.text([line], { ...letters, dy: (at + 2.4) * LINE }))];
}

function writtenBar(open: OpenRecording, step: number, columns: number): Bar | undefined {
  const pfn = step === 0 || open.space !== undefined ? -1 : open.writes[(step - 1) * 9 + 5] ?? -1;
  return pfn < 0 || pfn >= open.pages ? undefined : barsOf({ firstPfn: pfn, pages: 1, color: "small" }, columns)[0];
}

function optionsOf(open: OpenRecording, state: StepState, step: number, lines: readonly string[]): Plot.PlotOptions {
  const columns = columnsOf(open);
  const pages = shownPages(open, columns);
  const rows = Math.ceil(pages / columns);
  const runs = runsOf(open, { ...state, pages: state.pages.subarray(0, pages) });
  const bars = runs.flatMap((run) => barsOf(run, columns));
  const colors = (Object.keys(LOOKS) as PageColor[]).filter((color) => runs.some((run) => run.color === color));
  const marginBottom = (lines.length + 2.2) * LINE;
  return {
    width: WIDTH,
    height: MARGIN.marginTop + Math.max(rows * ROW, MIN_MAP) + marginBottom,
    ...MARGIN,
    marginBottom,
    style: { fontSize: "12px" },
    x: { axis: null, domain: [0, columns] },
    y: { axis: null, domain: [0, rows], reverse: true },
    marks: [...mapMarks(bars, writtenBar(open, step, columns)), ...textMarks(open, lines, colors)],
  };
}

function tableOf(open: OpenRecording, state: StepState, step: number): FigureTable {
  return {
    header: ["what", "after this write"],
    rows: [
      ...writeRows(open, step),
      ...totalRows(open, state),
      ...typeRows(open, state).map(([kind, pages]) => [`pages of type ${kind}`, pages]),
      ...state.log.map((line, at) => [`log, line ${at + 1}`, line]),
    ],
  };
}

/** Pages in a row of the map: a whole number of MiB. */
function columnsOf({ pages }: OpenRecording): number {
  return Math.max(256, Math.ceil(pages / ROWS / 256) * 256);
}

/**
 * One step of a boot.
 *
 * @param recording The boot (`recordBoot`).
 * @param step The step: 0 is before the first write.
 * @returns The figure; its table has the write, the totals, the types and the log.
 * @throws {RangeError} If there is no such step.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { bootStep, recordBoot } from "@pagetable-init/chapters";
 *
 * const recording = recordBoot(boot({ platform: "xen-pae", strategy: "write-always" }));
 * assertEquals(bootStep(recording, 6).table.rows[0], ["operation", "set_pte"]);
 * ```
 */
export function bootStep(recording: Recording, step: number): Figure {
  if (!Number.isInteger(step) || step < 0 || step > recording.steps) {
    throw new RangeError(`Expected a step of 0 to ${recording.steps} but found ${step}`);
  }
  const open = openRecording(recording);
  const state = stateAt(open, step);
  const facts = factsOf(open, state, step);
  const log = state.log.slice(-MAX_LOG);
  const lines = [...facts.slice(0, step === 0 ? 1 : 2), ...(log.length === 0 ? [] : ["Log:", ...log])].flatMap(wrapped);
  return {
    options: optionsOf(open, state, step, lines),
    caption: `${recording.title}, after ${grouped(step)} of ${grouped(recording.steps)} writes. ${
      mapWords(open, columnsOf(open))
    }`,
    description: facts.join(" ") + (log.length === 0 ? "" : ` Log: ${log.join("; ")}.`),
    table: tableOf(open, state, step),
  };
}
