/**
 * Xen's types of frames, and their counts, over time.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Frame } from "../../core/xen/mod.ts";
import type { Figure } from "./figure.ts";
import { paint, type PaintName } from "./palette.ts";

/** A moment: the event before it, and the frames after that event. */
export interface FrameMoment {
  /** The event, in a few words. */
  readonly after: string;
  /** The frames, one for each column; `FrameTable.at` has them. */
  readonly frames: readonly Frame[];
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly text: string;
  readonly color: PaintName;
  readonly changed: boolean;
}

const COLUMN = 116;
const ROW = 30;
const LETTER = 6.6;
const MARGIN = { marginTop: 46, marginRight: 12, marginBottom: 10 } as const;

/** A frame's type in words, such as `L2 × 1, pinned`. */
function typeText({ tableLevel, type, typeCount, pinned }: Frame): string {
  const name = tableLevel > 0 ? `L${tableLevel}` : type === 0 ? "none" : "writable";
  return `${name} × ${typeCount}${pinned ? ", pinned" : ""}`;
}

function colorOf({ tableLevel, typeCount }: Frame): PaintName {
  return typeCount === 0 ? "void" : tableLevel > 0 ? "large" : "error";
}

function cellsOf(moments: readonly FrameMoment[]): Cell[] {
  return moments.flatMap(({ frames }, row) =>
    frames.map((frame, column) => {
      const before = moments[row - 1]?.frames[column];
      const text = typeText(frame);
      return { row, column, text, color: colorOf(frame), changed: before !== undefined && typeText(before) !== text };
    })
  );
}

function marksOf(names: readonly string[], moments: readonly FrameMoment[], cells: readonly Cell[]): Plot.Markish[] {
  const place = {
    x1: "column",
    x2: (it: Cell) => it.column + 1,
    y1: "row",
    y2: (it: Cell) => it.row + 1,
    inset: 2,
  } as const;
  const middle = { x: (it: Cell) => it.column + 0.5, y: (it: Cell) => it.row + 0.5, text: "text" } as const;
  return [
    Plot.rect(cells, { ...place, fill: (it: Cell) => paint(it.color), fillOpacity: 0.2 }),
    Plot.rect(cells.filter(({ changed }) => changed), { ...place, stroke: paint("ink"), strokeWidth: 1.8 }),
    Plot.text(cells.filter(({ changed }) => !changed), { ...middle, fill: paint("ink") }),
    Plot.text(cells.filter(({ changed }) => changed), { ...middle, fill: paint("ink"), fontWeight: "bold" }),
    Plot.text(names, {
      x: (_: string, at: number) => at + 0.5,
      frameAnchor: "top",
      dy: -26,
      text: (it: string) => it.replace(": ", "\n"),
      fill: paint("ink"),
    }),
    Plot.text(moments, {
      y: (_: FrameMoment, at: number) => at + 0.5,
      frameAnchor: "left",
      dx: -8,
      textAnchor: "end",
      text: "after",
      fill: paint("ink"),
    }),
  ];
}

/**
 * Types and counts of a few frames over time.
 *
 * @param names A name for each frame, such as `"pfn 0x1: new L2"`: at most eight.
 * @param moments The moments, in order; each has a frame for every name.
 * @returns The figure, time downwards; its table has a line for each moment. What has changed since the moment before is framed.
 * @throws {RangeError} If a moment has another number of frames than there are names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FrameTable, PGT_L1, PGT_VALIDATED } from "@pagetable-init/textbook/xen";
 * import { frameTypes } from "@pagetable-init/chapters";
 *
 * const frames = new FrameTable(1);
 * const before = { after: "the start", frames: [frames.at(0)] };
 * frames.typeInfo[0] = PGT_L1 | PGT_VALIDATED | 1;
 * const { table } = frameTypes(["a table"], [before, { after: "the link", frames: [frames.at(0)] }]);
 * assertEquals(table.rows, [["the start", "none × 0"], ["the link", "L1 × 1"]]);
 * ```
 */
export function frameTypes(names: readonly string[], moments: readonly FrameMoment[]): Figure {
  const odd = moments.find(({ frames }) => frames.length !== names.length);
  if (odd !== undefined) {
    throw new RangeError(`Expected ${names.length} frames after ${odd.after} but found ${odd.frames.length}`);
  }
  const marginLeft = 24 + Math.max(...moments.map(({ after }) => after.length)) * LETTER;
  const cells = cellsOf(moments);
  const rows = moments.map(({ after, frames }) => [after, ...frames.map(typeText)]);
  return {
    options: {
      width: marginLeft + names.length * COLUMN + MARGIN.marginRight,
      height: MARGIN.marginTop + moments.length * ROW + MARGIN.marginBottom,
      ...MARGIN,
      marginLeft,
      style: { fontSize: "12px" },
      x: { axis: null, domain: [0, names.length] },
      y: { axis: null, domain: [0, moments.length], reverse: true },
      marks: marksOf(names, moments, cells),
    },
    caption: "What Xen takes the frames for, and how many use them as that. Time runs downwards; changes are framed.",
    description: `Types of ${names.length} frames at ${moments.length} moments. ${
      names.map((name, at) => `${name}: ${rows.map((row) => row[at + 1]).join(", ")}`).join(". ")
    }.`,
    table: { header: ["after", ...names], rows },
  };
}
