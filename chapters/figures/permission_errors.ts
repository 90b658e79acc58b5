/**
 * Every permission error, along memory: a band for each pattern, with the boots that share it.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { bandWords, stackBands } from "./bands.ts";
import { type FigureCell, lowmemErrors } from "./cell.ts";
import { ERROR_CLASSES, type ErrorClassWords } from "./error_classes.ts";
import type { Figure, FigureTable, Layout } from "./figure.ts";
import { type Landmark, landmarksOf } from "./landmarks.ts";
import { axisMarks, axisWords, type MemoryAxis, memoryAxis } from "./memory_axis.ts";
import { paint, type PaintName } from "./palette.ts";
import { type Run, thinRuns } from "./runs.ts";
import { count } from "./count.ts";
import { amount } from "./verdict.ts";

const WIDTH = { wide: 900, narrow: 380 } as const;
const LEFT = 10;
const BAR = 17;
const LETTER = 6.4;
const MAX_RUNS = 60; // of one class in one band
const THINNEST = 2; // pixels

/** The damage of a class: it breaks isolation, breaks the kernel, or only costs time. */
const PAINTS: Readonly<Record<ErrorClassWords["key"], PaintName>> = {
  writablePageTable: "stopped",
  userAccessible: "stopped",
  nonExecutableText: "errors",
  notWritable: "errors",
  executableData: "errors",
  notLarge: "void",
  missingGlobal: "void",
};

/** One class of a pattern: where in lowmem it is, and how much of it there is at any address. */
interface ClassRuns {
  readonly words: ErrorClassWords;
  readonly pages: number;
  readonly runs: readonly Run[];
}

/** Boots with the same errors at the same places. */
interface Pattern {
  readonly finished: boolean;
  readonly cells: FigureCell[];
  readonly classes: readonly ClassRuns[];
}

function classesOf(cell: FigureCell): ClassRuns[] {
  const found = ERROR_CLASSES.map((words) => (
    { words, pages: cell.row.permissionErrors[words.key], runs: lowmemErrors(cell, words.key) }
  ));
  return found.filter(({ pages }) => pages > 0);
}

/** The patterns, those of boots that finished first. */
function patternsOf(cells: readonly FigureCell[]): Pattern[] {
  const patterns = new Map<string, Pattern>();
  for (const cell of cells) {
    const classes = classesOf(cell);
    if (classes.length === 0) continue;
    const finished = cell.row.booted;
    const key = JSON.stringify([finished, classes]);
    const known = patterns.get(key);
    if (known === undefined) patterns.set(key, { finished, cells: [cell], classes });
    else known.cells.push(cell);
  }
  return [...patterns.values()].sort((a, b) => Number(b.finished) - Number(a.finished));
}

/** Boots by name: strategies that share their platforms are named together. */
function namesOf(cells: readonly FigureCell[]): string {
  const platforms = new Map<string, string[]>();
  for (const { row } of cells) platforms.set(row.strategy, [...platforms.get(row.strategy) ?? [], row.platform]);
  const strategies = new Map<string, string[]>();
  for (const [strategy, on] of platforms) {
    strategies.set(on.join(", "), [...strategies.get(on.join(", ")) ?? [], strategy]);
  }
  return [...strategies].map(([on, names]) => `${names.join(", ")} on ${on}`).join("; ");
}

/** A class in words; errors at other addresses than lowmem's own have no bar. */
function classWords({ words, pages, runs }: ClassRuns): string {
  const inLowmem = runs.reduce((sum, run) => sum + run.pages, 0);
  const elsewhere = pages - inLowmem;
  if (inLowmem === 0) return `${amount(pages)} ${words.says}, at another address`;
  return `${amount(inLowmem)} ${words.says}${elsewhere === 0 ? "" : `, and ${amount(elsewhere)} at another address`}`;
}

interface Bar {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  readonly color: PaintName;
  readonly title: string;
}

interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly inside: boolean;
}

function barsOf({ classes, cells }: Pattern, top: number, axis: MemoryAxis): Bar[] {
  return classes.flatMap(({ words, runs }, at) =>
    thinRuns(runs, MAX_RUNS, () => 0).map(({ firstPfn, pages }) => {
      const x1 = axis.x(firstPfn);
      const title = `${namesOf(cells)}: ${words.label}, ${count(pages)} pages from 0x${firstPfn.toString(16)}`;
      const x2 = Math.max(axis.x(firstPfn + pages), x1 + THINNEST);
      return { x1, x2, y: top + at * BAR, color: PAINTS[words.key], title };
    })
  );
}

/** The words of each class: within its bar if the bar is long enough, else behind it, else before it. */
function labelsOf({ classes }: Pattern, top: number, axis: MemoryAxis, right: number): Label[] {
  return classes.map((found, at) => {
    const text = classWords(found);
    const size = text.length * LETTER + 8;
    const first = found.runs[0];
    const from = axis.x(first?.firstPfn ?? 0);
    const firstEnd = first === undefined ? from : axis.x(first.firstPfn + first.pages);
    const last = found.runs.at(-1);
    const end = last === undefined ? from : axis.x(last.firstPfn + last.pages);
    const y = top + at * BAR + BAR / 2;
    if (firstEnd - from >= size) return { text, x: from + 5, y, inside: true };
    return end + size <= right
      ? { text, x: end + 5, y, inside: false }
      : { text, x: from - size + 4, y, inside: false };
  });
}

function labelMark(labels: readonly Label[], inside: boolean): Plot.Markish {
  return Plot.text(labels.filter((it) => it.inside === inside), {
    x: ({ x }: Label) => x,
    y: ({ y }: Label) => y,
    text: ({ text }: Label) => text,
    textAnchor: "start",
    fontWeight: inside ? "bold" : "normal",
    fill: paint(inside ? "paper" : "ink"),
    pointerEvents: "none",
  });
}

/** Names of the landmarks in as many lines as keep them apart, and a line down from each. */
function landmarkMarks(
  landmarks: readonly Landmark[],
  axis: MemoryAxis,
  end: number,
): { readonly marks: Plot.Markish[]; readonly height: number } {
  const lineEnds: number[] = [];
  const placed = landmarks.map((landmark) => {
    const half = landmark.name.length * 5.6 / 2;
    const x = Math.max(half + 2, Math.min(axis.x(landmark.page), axis.x(axis.pages) - half));
    let line = lineEnds.findIndex((edge) => edge + 6 < x - half);
    if (line < 0) line = lineEnds.length;
    lineEnds[line] = x + half;
    return { ...landmark, x, at: axis.x(landmark.page), y: line * 13 + 8 };
  });
  const height = lineEnds.length * 13 + 10;
  type Placed = (typeof placed)[number];
  const marks = [
    Plot.link(placed, {
      x1: ({ at }: Placed) => at,
      x2: ({ at }: Placed) => at,
      y1: ({ y }: Placed) => y + 7,
      y2: () => end,
      stroke: paint("muted"),
      strokeOpacity: 0.55,
      strokeDasharray: "2 3",
    }),
    Plot.text(placed, {
      x: ({ x }: Placed) => x,
      y: ({ y }: Placed) => y,
      text: ({ name }: Placed) => name,
      fontSize: 10,
      fill: paint("muted"),
    }),
  ];
  return { marks, height };
}

const FINISHED = "Boots that finished";
const STOPPED = "Boots that stopped, at that moment";

function describe(patterns: readonly Pattern[], asked: number): string {
  if (patterns.length === 0) return `None of ${count(asked)} boots has a permission error.`;
  const sentences = patterns.map(({ finished, cells, classes }) =>
    `${namesOf(cells)}${finished ? "" : " (when it stopped)"}: ${classes.map(classWords).join(", ")}.`
  );
  const wrong = patterns.reduce((sum, { cells }) => sum + cells.length, 0);
  return `Of ${count(asked)} boots ${count(wrong)} have permission errors. ${sentences.join(" ")}`;
}

function tableOf(cells: readonly FigureCell[]): FigureTable {
  const wrong = cells.filter((cell) => classesOf(cell).length > 0);
  const present = ERROR_CLASSES.filter(({ key }) => wrong.some(({ row }) => row.permissionErrors[key] > 0));
  const shown = present.length === 0 ? ERROR_CLASSES : present;
  return {
    header: ["strategy", "platform", "end", ...shown.map(({ label }) => label)],
    rows: cells.filter(({ row }) =>
      row.void === undefined && (wrong.length === 0 || classesOf({ row } as FigureCell).length > 0)
    )
      .map(({ row }) => [
        row.strategy,
        row.platform,
        row.booted ? "finished" : "stopped",
        ...shown.map(({ key }) => row.permissionErrors[key]),
      ]),
  };
}

/**
 * The permission errors of some boots in one picture.
 *
 * @param cells The boots, of one platform or of many, with equal memory.
 * @param caption Text below the figure; the counts unless said otherwise.
 * @param layout Wide, unless said otherwise.
 * @returns The figure; its table has a line for each boot with an error and a column for each class that there is, in 4K pages.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { permissionErrors } from "./mod.ts";
 *
 * const cells = [...matrix({ platforms: ["native-486"], strategies: ["write-always", "keep-template"] })];
 * assertEquals(permissionErrors(cells).table.rows, [["keep-template", "native-486", "finished", 3072]]);
 * ```
 */
export function permissionErrors(cells: readonly FigureCell[], caption?: string, layout: Layout = "wide"): Figure {
  const width = WIDTH[layout];
  const asked = cells.filter(({ row }) => row.void === undefined);
  const patterns = patternsOf(asked);
  const platforms = [...new Set(patterns.flatMap((pattern) => pattern.cells.map(({ row }) => row.platform)))];
  const landmarks = landmarksOf(platforms, asked[0]?.row.memoryBytes ?? 0);
  const pages = Math.max(1, ...cells.map(({ row }) => row.coverage.lowmemPages));
  const runs = patterns.flatMap(({ classes }) => classes.flatMap((found) => found.runs));
  const ends = runs.flatMap(({ firstPfn, pages }) => [firstPfn, firstPfn + pages]);
  const axis = memoryAxis(pages, [...ends, ...landmarks.map(({ page }) => page)], LEFT, width - LEFT - 8);
  const head = landmarkMarks(landmarks, axis, 0).height;
  const asBands = patterns.map(({ finished, cells, classes }, at) => ({
    ...(finished === patterns[at - 1]?.finished ? {} : { heading: finished ? FINISHED : STOPPED }),
    name: namesOf(cells),
    says: "",
    ink: "ink" as const,
    bar: classes.length * BAR,
  }));
  const none = { name: "No permission error", says: "", ink: "ink", bar: 0 } as const;
  const placed = stackBands(patterns.length === 0 ? [none] : asBands, head, width - 2 * LEFT);
  const bars = patterns.flatMap((pattern, at) => barsOf(pattern, placed.bands[at]?.y ?? 0, axis));
  const labels = patterns.flatMap((pattern, at) => labelsOf(pattern, placed.bands[at]?.y ?? 0, axis, width));
  return {
    options: {
      width,
      height: placed.end + 44,
      margin: 0,
      style: { fontSize: "12px" },
      x: { type: "identity", axis: null },
      y: { type: "identity", axis: null },
      marks: [
        ...landmarkMarks(landmarks, axis, placed.end).marks,
        ...bandWords(placed, LEFT),
        Plot.rect(bars, {
          x1: ({ x1 }: Bar) => x1,
          x2: ({ x2 }: Bar) => x2,
          y1: ({ y }: Bar) => y + 1,
          y2: ({ y }: Bar) => y + BAR - 1,
          fill: ({ color }: Bar) => paint(color),
          title: ({ title }: Bar) => title,
        }),
        labelMark(labels, true),
        labelMark(labels, false),
        ...axisMarks(axis, placed.end + 2),
      ],
    },
    caption: `${caption ?? `Permission errors of ${count(asked.length)} boots: where they lie in lowmem.`}${
      axisWords(axis)
    }`,
    description: describe(patterns, asked.length),
    table: tableOf(cells),
  };
}
