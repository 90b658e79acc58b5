/**
 * The verdict on a terminal: proposals down, machines across, in as many blocks as the width asks for; then what is wrong, in words.
 *
 * @module
 */

import type { Row } from "../../core/matrix.ts";
import { wrap } from "../command/wrap.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { amount, defectsOf, sayDefects, stopWords, type Verdict, verdictOf } from "../../chapters/figures/verdict.ts";
import {
  type BoardColumns,
  type BoardMachine,
  type VerdictBoard,
  verdictBoard,
} from "../../chapters/figures/verdict_board.ts";

/** The properties of the terminal. */
export interface Terminal {
  /** Columns of letters. */
  readonly columns: number;
  readonly color: boolean;
}

const STYLE: Readonly<Record<Verdict, string>> = { clean: "34", errors: "33", stopped: "31", void: "2" };
const GAP = 2;
const ROOM_FOR_TABLE = 44; // columns; with less, the words alone say what there is to say

/** A cell in a few letters. */
export function cellText(row: Row): string {
  const verdict = verdictOf(row);
  if (verdict === "errors") return `! ${amount(defectsOf(row)[0]?.pages ?? 0).replace(/ (.)iB/, "$1")}`;
  return { clean: ".", stopped: "x", void: "-" }[verdict];
}

function paint(text: string, verdict: Verdict, { color }: Terminal): string {
  return color ? `\x1b[${STYLE[verdict]}m${text}\x1b[0m` : text;
}

interface Column extends BoardMachine {
  /** Title of its group. */
  readonly group: string;
  /** Its place among the cells of a line. */
  readonly at: number;
  readonly width: number;
}

function columnsOf({ columns, groups }: VerdictBoard): Column[] {
  const lines = groups.flatMap((group) => group.lines);
  const machines = columns.flatMap(({ title, machines }: BoardColumns) =>
    machines.map((it) => ({ ...it, group: title }))
  );
  return machines.map((machine, at) => {
    const alone = machines.filter(({ group }) => group === machine.group).length === 1;
    const cells = lines.map(({ cells }) => cells[at]).map((row) => row === undefined ? "" : cellText(row));
    return {
      ...machine,
      at,
      width: Math.max(machine.label.length, alone ? machine.group.length : 0, ...cells.map((it) => it.length)),
    };
  });
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

const INDENT = "  ";

/** Titles of the groups of machines, each above its first column, cut to the room that its columns have. */
function titleLine(block: readonly Column[], names: number): string {
  const groups = [...new Set(block.map(({ group }) => group))].map((group) => {
    const room = block.filter((it) => it.group === group).reduce((sum, { width }) => sum + width + GAP, -GAP);
    return { title: group.slice(0, Math.max(room, 4)), room };
  });
  const widths = [names, ...groups.map(({ room }) => room)];
  return columns([["", ...groups.map(({ title }) => title)]], { widths })[0] ?? "";
}

function blockText(block: readonly Column[], { groups }: VerdictBoard, names: number, terminal: Terminal): string {
  const lines = groups.flatMap(({ lines }) =>
    lines.map(({ strategy, merged, cells }) => [
      `${INDENT}${strategy}${merged ? " merged" : ""}`,
      ...block.map(({ at }) => {
        const row = cells[at];
        return row === undefined ? "" : paint(cellText(row), verdictOf(row), terminal);
      }),
    ])
  );
  const widths = [names, ...block.map(({ width }) => width)];
  const [heads = "", ...texts] = columns([["", ...block.map(({ label }) => label)], ...lines], { widths });
  const grouped = groups.flatMap(({ title, lines }) => [title, ...texts.splice(0, lines.length)]);
  return [titleLine(block, names), heads, ...grouped].join("\n");
}

/** The problem of a row, or the stop that ended it. */
function complaint(row: Row): string {
  const verdict = verdictOf(row);
  if (verdict === "errors") return sayDefects(defectsOf(row));
  if (verdict === "void") return `void: ${row.void}`;
  const rule = row.stop?.rule;
  return `${stopWords(row)}${rule === undefined ? "" : ` (${rule})`}`;
}

/** Complaints by strategy; machines with the same complaint are named together. */
function complaints({ groups }: VerdictBoard, terminal: Terminal): string {
  const lines = groups.flatMap((group) => group.lines).flatMap(({ strategy, cells }) => {
    const machines = new Map<string, string[]>();
    for (const row of cells) {
      if (row === undefined || verdictOf(row) === "clean") continue;
      machines.set(complaint(row), [...machines.get(complaint(row)) ?? [], row.platform]);
    }
    return [...machines].flatMap(([words, on]) => wrap(`${strategy} on ${on.join(", ")}: ${words}`, terminal.columns));
  });
  return lines.length === 0 ? "" : `\nWhat is wrong\n${lines.map((line) => `${line}\n`).join("")}`;
}

/**
 * The verdict as text.
 *
 * @param rows Rows of the matrix.
 * @param terminal Width and whether there is colour.
 * @returns Lines, the last with a line feed.
 */
export function terminalTable(rows: readonly Row[], terminal: Terminal): string {
  const board = verdictBoard(rows);
  const headline = wrap(board.headline, terminal.columns).join("\n");
  if (terminal.columns < ROOM_FOR_TABLE) return `${headline}\n${complaints(board, terminal)}`;
  const lines = board.groups.flatMap((group) => group.lines);
  const names = Math.max(...lines.map(({ strategy, merged }) => INDENT.length + strategy.length + (merged ? 7 : 0)));
  const blocks = blocksOf(columnsOf(board), terminal.columns - names);
  const table = blocks.map((block) => blockText(block, board, names, terminal)).join("\n\n");
  return `${headline}\n\n${table}\n${complaints(board, terminal)}`;
}
