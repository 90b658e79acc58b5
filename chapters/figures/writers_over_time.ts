/**
 * The writers to the page tables of a guest, over time.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Recording } from "../../core/recording/mod.ts";
import type { Figure } from "./figure.ts";
import { paint } from "./palette.ts";

const WIDTH = 900;
const ROW = 22;
const MARGIN = { marginTop: 12, marginRight: 16, marginBottom: 40, marginLeft: 230 } as const;
const MAX_WRITERS = 14;
const SLICES = 300;
const MAX_LETTERS = 34;

/** Writes of one writer in a slice of time. */
interface Slice {
  readonly writer: string;
  readonly from: number;
  readonly to: number;
  readonly writes: number;
}

/** A writer, and how much it wrote when. */
interface Row {
  readonly writer: string;
  readonly writes: number;
  readonly first: number;
  readonly last: number;
}

function rowsOf(recording: Recording): Row[] {
  const rows = new Map<string, { writes: number; first: number; last: number }>();
  for (const { op, step } of recording) {
    const row = rows.get(op) ?? { writes: 0, first: step, last: step };
    rows.set(op, { ...row, writes: row.writes + 1, last: step });
  }
  return [...rows].map(([writer, row]) => ({ writer, ...row }));
}

/** The writers with most writes, in the order of their first write, and all others as one. */
function shownRows(rows: readonly Row[]): { readonly shown: readonly Row[]; readonly others: readonly Row[] } {
  const most = [...rows].sort((a, b) => b.writes - a.writes);
  const shown = most.slice(0, MAX_WRITERS).sort((a, b) => a.first - b.first);
  return { shown, others: most.slice(MAX_WRITERS) };
}

function slicesOf(recording: Recording, names: ReadonlyMap<string, string>): Slice[] {
  const width = Math.max(1, recording.length / SLICES);
  const counts = new Map<string, number>();
  for (const { op, step } of recording) {
    const key = `${Math.floor((step - 1) / width)} ${names.get(op) ?? ""}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, writes]) => {
    const [, slice = "0", writer = ""] = /^(\d+) (.*)$/s.exec(key) ?? [];
    return { writer, writes, from: Number(slice) * width, to: (Number(slice) + 1) * width };
  });
}

/** A name that fits the margin. */
function shortName(name: string): string {
  return name.length <= MAX_LETTERS ? name : `${name.slice(0, MAX_LETTERS - 1)}…`;
}

/**
 * Who wrote to the page tables, over the writes of a recording.
 *
 * @param recording The recording.
 * @returns The figure: a row a writer, in the order of their first writes; darker where a writer made more of the writes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadRecording } from "@pagetable-init/textbook/recording";
 * import { writersOverTime } from "@pagetable-init/chapters";
 *
 * const header = { kind: "page-table writes of a real kernel", kernel: "2.6.20", memory_mb: 16, mode: "two-level", roots: ["0x1000"], tables: { "0x1": 2 } };
 * const lines = [header, { n: 10, who: "head.S", frame: 1, index: 768, value: "0xe3" }, { n: 11, who: "fill", frame: 1, index: 769, value: "0x4000e3" }];
 * const recording = await loadRecording(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")));
 * assertEquals(writersOverTime(recording).table.rows, [["head.S", 1, 1, 1], ["fill", 1, 2, 2]]);
 * ```
 */
export function writersOverTime(recording: Recording): Figure {
  const { shown, others } = shownRows(rowsOf(recording));
  const rest = others.length === 0 ? [] : [`${others.length} others`];
  const names = new Map([
    ...shown.map(({ writer }) => [writer, shortName(writer)] as const),
    ...others.map(({ writer }) => [writer, rest[0] ?? ""] as const),
  ]);
  const domain = [...new Set([...shown.map(({ writer }) => shortName(writer)), ...rest])];
  const slices = slicesOf(recording, names);
  const { description } = recording.header;
  const most = [...shown].sort((a, b) => b.writes - a.writes).slice(0, 3);
  return {
    options: {
      width: WIDTH,
      height: domain.length * ROW + MARGIN.marginTop + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { label: "write", domain: [0, recording.length] },
      y: { label: null, domain, type: "band", padding: 0.15 },
      marks: [
        Plot.barX(slices, {
          x1: "from",
          x2: "to",
          y: "writer",
          fill: paint("large"),
          fillOpacity: ({ writes, from, to }: Slice) => 0.35 + 0.65 * Math.min(1, writes / (to - from)),
        }),
      ],
    },
    caption:
      `${description}: who made its ${recording.length} writes to page tables, and when. Darker: more of the writes of that time.`,
    description: `Writes to page tables by writer. Most were made by ${
      most.map(({ writer, writes, first, last }) => `${writer} (${writes}, from write ${first} to ${last})`).join(", ")
    }.`,
    table: {
      header: ["writer", "writes", "first write", "last write"],
      rows: [...shown, ...others].map(({ writer, writes, first, last }) => [writer, writes, first, last]),
    },
  };
}
