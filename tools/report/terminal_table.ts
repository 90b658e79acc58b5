/**
 * The matrix on a terminal: strategies down, platforms across, in as many blocks as the width asks for.
 *
 * @module
 */

import type { Row } from "../../core/matrix.ts";
import { wrap } from "../command/wrap.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { defectsOf, stopWords, type Verdict, verdictOf } from "../../chapters/figures/verdict.ts";

/** What the terminal is like. */
export interface Terminal {
  /** Columns of letters. */
  readonly columns: number;
  readonly color: boolean;
}

const STYLE: Readonly<Record<Verdict, string>> = { clean: "34", errors: "33", stopped: "31", void: "2" };
const GAP = 2;

/** A cell in a few letters, as the legend explains. */
export function cellText(row: Row): string {
  const verdict = verdictOf(row);
  if (verdict === "void") return "void";
  if (verdict === "clean") return "ok";
  if (verdict === "stopped") return `stop: ${stopWords(row)}`;
  const [worst, ...others] = defectsOf(row);
  return `! ${worst?.pages} ${worst?.short}${others.length === 0 ? "" : ` +${others.length}`}`;
}

/** A long id on two lines, broken behind the hyphen that makes them most alike. */
function headLines(id: string): [string, string] {
  const cuts = [...id.matchAll(/-/g)].map(({ index }) => index + 1);
  const longer = (cut: number) => Math.max(cut, id.length - cut);
  const cut = cuts.reduce((a, b) => longer(b) < longer(a) ? b : a, 0);
  return cut === 0 ? ["", id] : [id.slice(0, cut), id.slice(cut)];
}

function paint(text: string, verdict: Verdict, { color }: Terminal): string {
  return color ? `\x1b[${STYLE[verdict]}m${text}\x1b[0m` : text;
}

interface Column {
  readonly head: readonly [string, string];
  readonly cells: ReadonlyMap<string, Row>;
  readonly width: number;
}

function columnOf(platform: string, rows: readonly Row[]): Column {
  const mine = rows.filter((row) => row.platform === platform);
  const head = headLines(platform);
  const width = Math.max(...head.map((it) => it.length), ...mine.map((row) => cellText(row).length));
  return { head, cells: new Map(mine.map((row) => [row.strategy, row])), width };
}

/** Columns in blocks that fit beside the names of the strategies; a block has one at least. */
function blocksOf(columns: readonly Column[], room: number): Column[][] {
  const blocks: Column[][] = [];
  let left = 0;
  for (const column of columns) {
    left -= column.width + GAP;
    const last = blocks.at(-1);
    if (last === undefined || left < 0) {
      blocks.push([column]);
      left = room - column.width - GAP;
    } else last.push(column);
  }
  return blocks;
}

function blockText(block: readonly Column[], strategies: readonly string[], names: number, terminal: Terminal): string {
  const heads = [0, 1].map((line) => ["", ...block.map(({ head }) => head[line] ?? "")]);
  const rows = strategies.map((strategy) => [
    strategy,
    ...block.map(({ cells }) => {
      const row = cells.get(strategy);
      return row === undefined ? "" : paint(cellText(row), verdictOf(row), terminal);
    }),
  ]);
  return columns([...heads, ...rows], { widths: [names] }).filter((line) => line !== "").join("\n");
}

/**
 * The matrix as text.
 *
 * @param rows Rows of the matrix; strategies and platforms in the order in which they first come.
 * @param terminal Width and whether there is colour.
 * @returns Lines, the last with a line feed.
 */
export function terminalTable(rows: readonly Row[], terminal: Terminal): string {
  const strategies = [...new Set(rows.map((row) => row.strategy))];
  const platforms = [...new Set(rows.map((row) => row.platform))];
  const names = Math.max(...strategies.map((id) => id.length));
  const columns = platforms.map((platform) => columnOf(platform, rows));
  const blocks = blocksOf(columns, terminal.columns - names);
  return `${blocks.map((block) => blockText(block, strategies, names, terminal)).join("\n\n")}\n`;
}

const LEGEND: readonly string[] = [
  "ok: boots, every page right.",
  "! 3072 user +2: boots, but 3,072 pages (4K) are open to user mode, and two more kinds of defect.",
  "stop: refused, or gave up.  void: the question does not arise.",
];
const LEGEND_COLUMNS = 104;

/** What the cells mean, in lines of a terminal that is so many columns wide. */
export function terminalLegend(columns: number): string {
  return LEGEND.map((line) => `${wrap(line, Math.min(columns, LEGEND_COLUMNS)).join("\n")}\n`).join("");
}
