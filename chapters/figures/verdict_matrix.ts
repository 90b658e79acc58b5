/**
 * The verdict on every strategy on every platform: one cell each, grouped by the result of a proposal and by machine.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Row } from "../../core/matrix.ts";
import type { Figure, Layout } from "./figure.ts";
import { paint, type PaintName } from "./palette.ts";
import { count } from "./count.ts";
import { amount, defectsOf, explainVerdict, sayDefects, stopWords, type Verdict, verdictOf } from "./verdict.ts";
import { type BoardLine, type VerdictBoard, verdictBoard } from "./verdict_board.ts";

/** Options of the figure. */
export interface VerdictMatrixOptions {
  /** Text below the figure. */
  readonly caption?: string;
  /** Wide, unless said otherwise. A narrow one has only symbols, with the names above their cells. */
  readonly layout?: Layout;
  /** Whether the result is a heading above the cells, for a picture without a page around it. */
  readonly headline?: boolean;
  /** The link of a cell; none unless said otherwise. */
  readonly href?: (row: Row) => string;
}

/** Measures of a layout, in pixels. */
interface Measures {
  readonly width: number;
  /** Where cells begin. */
  readonly left: number;
  readonly cell: number;
  /** Height of a line with a failure, and of one without. */
  readonly line: { readonly failing: number; readonly clean: number };
  /** Where in a line cells begin. */
  readonly offset: number;
  readonly head: number;
  readonly heading: number;
}

const NARROW_WIDTH = 380;
const WIDE_CELL = 77;
const HEADLINE = 30;

function measuresOf(machines: number, narrow: boolean): Measures {
  if (!narrow) {
    const [left, line] = [272, { failing: 50, clean: 34 }];
    return { width: left + machines * WIDE_CELL, left, cell: WIDE_CELL, line, offset: 0, head: 44, heading: 30 };
  }
  const cell = Math.min(48, (NARROW_WIDTH - 26) / Math.max(1, machines));
  return { width: NARROW_WIDTH, left: 0, cell, line: { failing: 46, clean: 46 }, offset: 17, head: 92, heading: 28 };
}

interface Square {
  readonly row: Row;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

type PlacedLine = BoardLine & { readonly y: number; readonly height: number };

interface Words {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** The places of cells and names, in pixels. */
interface Placed {
  readonly height: number;
  readonly squares: readonly Square[];
  readonly headings: readonly Words[];
  readonly lines: readonly PlacedLine[];
}

function place({ groups }: VerdictBoard, top: number, { left, cell, line, offset, heading }: Measures): Placed {
  const headings: Words[] = [];
  const lines: PlacedLine[] = [];
  let y = top;
  for (const group of groups) {
    headings.push({ text: group.title, x: 0, y: y + heading - 10 });
    y += heading;
    for (const it of group.lines) {
      const fails = it.cells.some((row) => row !== undefined && /errors|stopped/.test(verdictOf(row)));
      const height = fails ? line.failing : line.clean;
      lines.push({ ...it, y, height });
      y += height;
    }
  }
  const squares = lines.flatMap((it) =>
    it.cells.flatMap((row, at) =>
      row === undefined ? [] : [{ row, x: left + at * cell, y: it.y + offset, height: it.height - offset }]
    )
  );
  return { height: y + 4, squares, headings, lines };
}

/** Words in lines of at most so many letters. */
function wrap(text: string, letters: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + 1 + word.length > letters) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join("\n");
}

/** The mark of a cell: a symbol, and in a wide layout the worst defect or the stop. */
function cellWords(row: Row, narrow: boolean): string {
  const verdict = verdictOf(row);
  if (verdict === "clean") return "·";
  if (verdict === "void") return "–";
  if (verdict === "stopped") return narrow ? "✕" : `✕\n${wrap(stopWords(row), 9)}`;
  const [worst] = defectsOf(row);
  return narrow || worst === undefined ? "▲" : `▲ ${amount(worst.pages)}\n${wrap(worst.says, 13)}`;
}

const FILLS: Readonly<
  Record<Verdict, { readonly fill: PaintName; readonly opacity: number; readonly ink: PaintName }>
> = {
  clean: { fill: "clean", opacity: 0.09, ink: "clean" },
  errors: { fill: "errors", opacity: 1, ink: "paper" },
  stopped: { fill: "stopped", opacity: 1, ink: "paper" },
  void: { fill: "void", opacity: 0.06, ink: "muted" },
};

/** The sentence of a cell, for a tip and for screen readers. */
function sentence(row: Row): string {
  const verdict = verdictOf(row);
  const says = verdict === "errors" ? `boots, ${sayDefects(defectsOf(row))}` : explainVerdict(row);
  return `${row.strategy} on ${row.platform}: ${says}`;
}

function cellMarks(squares: readonly Square[], verdict: Verdict, measures: Measures, options: VerdictMatrixOptions) {
  const { layout, href } = options;
  const narrow = layout === "narrow";
  const mine = squares.filter(({ row }) => verdictOf(row) === verdict);
  const { fill, opacity, ink } = FILLS[verdict];
  return [
    Plot.rect(mine, {
      x1: ({ x }: Square) => x + 1.5,
      x2: ({ x }: Square) => x + measures.cell - 1.5,
      y1: ({ y }: Square) => y + 1.5,
      y2: ({ y, height }: Square) => y + height - 1.5,
      rx: 3,
      fill: paint(fill),
      fillOpacity: opacity,
      title: ({ row }: Square) => sentence(row),
      ...(href === undefined ? {} : { href: ({ row }: Square) => href(row) }),
    }),
    Plot.text(mine, {
      x: ({ x }: Square) => x + measures.cell / 2,
      y: ({ y, height }: Square) => y + height / 2,
      text: ({ row }: Square) => cellWords(row, narrow),
      fill: paint(ink),
      fontSize: verdict === "clean" ? 16 : narrow ? 13 : 11,
      pointerEvents: "none",
    }),
  ];
}

function text(words: readonly Words[], options: Plot.TextOptions): Plot.Markish {
  const place = { x: ({ x }: Words) => x, y: ({ y }: Words) => y, text: ({ text }: Words) => text };
  return Plot.text(words, { ...place, textAnchor: "start", fill: paint("ink"), ...options });
}

/** Names of the machines, below those of their groups. */
function headMarks({ columns }: VerdictBoard, top: number, measures: Measures, narrow: boolean): Plot.Markish[] {
  const { left, cell, head } = measures;
  const starts = columns.map((_, at) => columns.slice(0, at).reduce((sum, it) => sum + it.machines.length, 0));
  const titles = columns.map(({ title, machines }, at) => (
    { text: title, x: left + ((starts[at] ?? 0) + machines.length / 2) * cell, y: top + 10 }
  ));
  const rules = columns.map(({ machines }, at) => (
    { x: left + (starts[at] ?? 0) * cell + 2, end: left + ((starts[at] ?? 0) + machines.length) * cell - 2 }
  ));
  const labels = columns.flatMap(({ machines }) => machines).map(({ label, platform }, at) => (
    {
      text: narrow ? platform.replace(/^native-/, "") : label.replace(/(?<=.{6})-/, "-\n"),
      x: left + (at + 0.5) * cell,
      y: top + head - 12,
    }
  ));
  const slanted = { rotate: -60, textAnchor: "start", lineAnchor: "middle", fontSize: 11 } as const;
  return [
    ...(narrow ? [] : [text(titles, { textAnchor: "middle", fill: paint("muted"), fontSize: 12 })]),
    Plot.link(rules, {
      x1: ({ x }: { x: number }) => x,
      x2: ({ end }: { end: number }) => end,
      y1: () => top + (narrow ? head - 2 : 19),
      y2: () => top + (narrow ? head - 2 : 19),
      stroke: paint("muted"),
    }),
    text(labels, narrow ? { ...slanted, dx: -2, dy: 2 } : { textAnchor: "middle", fontSize: 12 }),
  ];
}

/** Names of the proposals with their authors: below the name, or in a narrow layout behind it, cut to fit. */
function lineMarks(lines: readonly PlacedLine[], { left }: Measures, narrow: boolean): Plot.Markish[] {
  const name = ({ strategy, merged }: BoardLine) => merged ? `${strategy} ✓ merged` : strategy;
  const fits = (it: BoardLine) => name(it).length * 1.5 + it.who.length < 66;
  const who = (it: BoardLine) => !narrow || fits(it) ? it.who : it.who.replace(/^[^,]*, /, "");
  const names = lines.map((it) => ({
    text: name(it),
    x: narrow ? 0 : left - 10,
    y: it.y + (narrow ? 9 : it.height / 2 - 6),
  }));
  const owners = lines.map((it) => (
    { text: who(it), x: narrow ? NARROW_WIDTH - 8 : left - 10, y: it.y + (narrow ? 9 : it.height / 2 + 9) }
  ));
  return [
    text(names, narrow ? { fontSize: 13, fontWeight: "bold" } : { fontSize: 13, textAnchor: "end" }),
    text(owners, { textAnchor: "end", fontSize: 10, fill: paint("muted") }),
  ];
}

const COUNTED: readonly (readonly [Verdict, string])[] = [
  ["clean", "boot with every page right"],
  ["errors", "boot with errors"],
  ["stopped", "are refused or stop"],
  ["void", "void"],
];

function describe(rows: readonly Row[], { headline, groups }: VerdictBoard): string {
  const all = (verdict: Verdict) => count(rows.filter((row) => verdictOf(row) === verdict).length);
  const counts = COUNTED.map(([verdict, says]) => `${all(verdict)} ${says}`).join(", ");
  const lists = groups.map(({ title, lines }) => `${title}: ${lines.map(({ strategy }) => strategy).join(", ")}.`);
  return [headline, `Of ${count(rows.length)} cells ${counts}.`, ...lists].join(" ");
}

/** A cell of the table: all defects, in words. */
function tableWords(row: Row | undefined): string {
  if (row === undefined) return "";
  const verdict = verdictOf(row);
  if (verdict === "errors") return `▲ ${sayDefects(defectsOf(row))}`;
  return { clean: "✓", stopped: `✕ ${stopWords(row)}`, void: "–" }[verdict];
}

/**
 * The verdict matrix.
 *
 * @param rows Rows of the matrix, in any order.
 * @param options Layout, caption, and where cells lead.
 * @returns The figure; its table has a line for each strategy and a column for each platform.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { verdictMatrix } from "./mod.ts";
 *
 * const rows = [...matrix({ platforms: ["native-486"], strategies: ["keep-template"] })].map(({ row }) => row);
 * assertEquals(verdictMatrix(rows).table.rows, [["keep-template", "▲ 12 MiB open to user mode"]]);
 * ```
 */
export function verdictMatrix(rows: readonly Row[], options: VerdictMatrixOptions = {}): Figure {
  const board = verdictBoard(rows);
  const { layout, headline = false, caption = board.headline } = options;
  const narrow = layout === "narrow";
  const machines = board.columns.flatMap((column) => column.machines);
  const measures = measuresOf(machines.length, narrow);
  const top = headline ? HEADLINE : 0;
  const placed = place(board, top + measures.head, measures);
  return {
    options: {
      width: Math.max(measures.width, NARROW_WIDTH),
      height: placed.height,
      margin: 0,
      style: { fontSize: "12px" },
      x: { type: "identity", axis: null },
      y: { type: "identity", axis: null },
      marks: [
        ...(headline ? [text([{ text: board.headline, x: 0, y: 12 }], { fontSize: 16, fontWeight: "bold" })] : []),
        ...headMarks(board, top, measures, narrow),
        text(placed.headings, { fontSize: 13, fontWeight: "bold", fill: paint(narrow ? "muted" : "ink") }),
        ...lineMarks(placed.lines, measures, narrow),
        ...COUNTED.flatMap(([verdict]) => cellMarks(placed.squares, verdict, measures, options)),
      ],
    },
    caption,
    description: describe(rows, board),
    table: {
      header: ["strategy", ...machines.map(({ platform }) => platform)],
      rows: board.groups.flatMap(({ lines }) =>
        lines.map(({ strategy, cells }) => [strategy, ...cells.map(tableWords)])
      ),
    },
  };
}
