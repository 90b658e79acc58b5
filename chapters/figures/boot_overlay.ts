/**
 * One page of memory in two readings: as the directory of two-level paging, and as the PDPT of PAE.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { P } from "../../core/mmu/mod.ts";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint } from "./palette.ts";

const BOX = { width: 82, height: 44 } as const;
const LANE = 78;
const GAP = 0.5; // between the first words and the kernel's, in boxes
const MARGIN = { marginLeft: 8, marginTop: 8, marginRight: 8, marginBottom: 34 } as const;
const LEGEND: readonly LegendEntry[] = [
  { symbol: "full", color: "error", filled: true, label: "written for PAE, over an entry of head.S" },
  { symbol: "full", color: "clean", filled: true, label: "an entry that the CPU can use in this reading" },
];
const FIRST = 9; // words shown from the beginning of the page
const KERNEL = 3; // words shown from PAGE_OFFSET on
const KERNEL_WORD = 768;
const PDPT_WORDS = 8;

/** A box: some words of the page, as one reading has them. */
interface Box {
  readonly lane: 0 | 1;
  readonly x1: number;
  readonly x2: number;
  readonly name: string;
  readonly value: number;
  readonly fate: "in use" | "overwritten" | "absent";
}

function boxesOf(words: readonly number[]): Box[] {
  const shown = [
    ...Array.from({ length: FIRST }, (_, word) => ({ word, x: word })),
    ...Array.from({ length: KERNEL }, (_, at) => ({ word: KERNEL_WORD + at, x: FIRST + GAP + at })),
  ];
  const pdes = shown.map(({ word, x }): Box => {
    const value = words[word] ?? 0;
    const fate = (value & P) === 0 ? "absent" : word < PDPT_WORDS ? "overwritten" : "in use";
    return { lane: 0, x1: x, x2: x + 1, name: `PDE ${word}`, value, fate };
  });
  const pdptes = [0, 1, 2, 3].map((slot): Box => {
    const value = words[slot * 2] ?? 0;
    const fate = (value & P) === 0 ? "absent" : "in use";
    return { lane: 1, x1: slot * 2, x2: slot * 2 + 2, name: `PDPTE ${slot}`, value, fate };
  });
  return [...pdes, ...pdptes];
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

function laneMarks(boxes: readonly Box[]): Plot.Markish[] {
  const y = ({ lane }: Box) => lane * LANE + 26;
  const place = { x1: "x1", x2: "x2", y1: y, y2: (it: Box) => y(it) + BOX.height, inset: 1 } as const;
  const middle = (it: Box) => (it.x1 + it.x2) / 2;
  const fill = (fate: Box["fate"], color: "error" | "clean") =>
    Plot.rect(boxes.filter((it) => it.fate === fate), {
      ...place,
      fill: paint(color),
      fillOpacity: 0.28,
    });
  const text = (shift: number, words: (it: Box) => string, color: "ink" | "muted") =>
    Plot.text(boxes, { x: middle, y: (it: Box) => y(it) + shift, text: words, fill: paint(color) });
  return [
    fill("overwritten", "error"),
    fill("in use", "clean"),
    Plot.rect(boxes, {
      ...place,
      stroke: paint("muted"),
    }),
    Plot.text(["…"], { x: FIRST + GAP / 2, y: 26 + BOX.height / 2, fill: paint("muted") }),
    text(13, ({ name }) => name, "muted"),
    text(31, ({ value, fate }) => fate === "absent" ? "absent" : hex(value), "ink"),
    Plot.text(
      ["CR4.PAE clear: words of four bytes, 1,024 of them", "CR4.PAE set: words of eight bytes, four of them"],
      {
        x: 0,
        y: (_: string, at: number) => at * LANE + 13,
        text: (words: string) => words,
        textAnchor: "start",
        fontWeight: "bold",
        fill: paint("ink"),
      },
    ),
  ];
}

/**
 * The two readings of a root page.
 *
 * @param words The 1,024 words of the page.
 * @returns The figure; its table has a line for each box.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bootOverlay } from "@pagetable-init/chapters";
 *
 * const { table } = bootOverlay([0x1001, 0, 0, 0, 0, 0, 0x1001, 0]);
 * assertEquals(table.rows[0], ["PDE 0", "0x1001", "overwritten"]);
 * assertEquals(table.rows.at(-1), ["PDPTE 3", "0x1001", "in use"]);
 * ```
 */
export function bootOverlay(words: readonly number[]): Figure {
  const boxes = boxesOf(words);
  const lost = boxes.filter(({ fate }) => fate === "overwritten").map(({ name }) => name);
  return {
    options: {
      width: MARGIN.marginLeft + (FIRST + GAP + KERNEL) * BOX.width + MARGIN.marginRight,
      height: MARGIN.marginTop + LANE + 26 + BOX.height + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { axis: null, domain: [0, FIRST + GAP + KERNEL] },
      y: { axis: null, domain: [0, LANE + 26 + BOX.height], reverse: true },
      marks: [...laneMarks(boxes), ...legend(LEGEND, 0, MARGIN.marginBottom - 14)],
    },
    caption:
      "The root page of a PAE kernel while CR4.PAE is still clear, in both readings. The new root covers PDE 0 to 7 alone: " +
      `PDE 8 to ${
        KERNEL_WORD - 1
      } stay as they were, and so do those from ${KERNEL_WORD} on, by which the kernel is running.`,
    description: `Two rows of boxes for the same bytes. Above, as page directory: ${
      lost.join(", ") || "none"
    } hold what was written for PAE; the entries from ${KERNEL_WORD} on are as head.S left them. Below, as PDPT: ${
      boxes.filter(({ lane }) => lane === 1).map(({ name, value }) => `${name} is ${hex(value)}`).join(", ")
    }.`,
    table: {
      header: ["box", "value", "as this reading has it"],
      rows: boxes.map((it) => [it.name, hex(it.value), it.fate]),
    },
  };
}
