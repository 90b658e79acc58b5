/**
 * The places from which real kernels took their page tables, and the order in which they mapped memory.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { CPUS, frameOf, isLeaf, type Level, P } from "../../core/mmu/mod.ts";
import type { RecordedWrite, Recording } from "../../core/recording/mod.ts";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint } from "./palette.ts";
import { SYMBOLS } from "./symbols.ts";

/** A recorded boot and its name in the figure. */
export interface NamedRecording {
  readonly name: string;
  readonly recording: Recording;
}

/** Memory that consecutive writes mapped, or one table that was linked. MiB, and parts of the boot from 0 to 100. */
interface Mark {
  readonly name: string;
  readonly kind: "maps" | "table";
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

const WIDTH = 900;
const PANEL = 150;
const MARGIN = { marginLeft: 64, marginTop: 14, marginRight: 150, marginBottom: 66 } as const;
const LEGEND: readonly LegendEntry[] = [
  { symbol: "low", color: "large", filled: true, label: "memory is mapped for the first time" },
  { symbol: "post", color: "ink", filled: true, label: "a page becomes a page table" },
];
const PAGES_A_MIB = 256;
const NEAR = 0.1; // MiB from one table to the next of a row

/** The pages that a write maps: none for a table, an absent entry, or a page beyond memory. */
function mapped(
  { level, stored }: RecordedWrite,
  pages: number,
): { readonly page: number; readonly pages: number } | undefined {
  if (level === undefined || (stored.lo & P) === 0) return undefined;
  const page = frameOf(stored.hi, stored.lo);
  return mapsPage(level, stored.lo) && page < pages ? { page, pages: 2 ** (level.shift - 12) } : undefined;
}

/** Whether an entry is a leaf, on the CPU that recordings are read with. A kernel sets PS only where it counts. */
function mapsPage(level: Level, lo: number): boolean {
  return isLeaf(level, lo, CPUS.today, true);
}

/** The table that a write links, if it does. */
function linked({ level, stored, old }: RecordedWrite, pages: number): number | undefined {
  if (level === undefined || (stored.lo & P) === 0 || mapsPage(level, stored.lo)) return undefined;
  const frame = frameOf(stored.hi, stored.lo);
  return frame < pages && ((old.lo & P) === 0 || frameOf(old.hi, old.lo) !== frame) ? frame : undefined;
}

/** The first time that each page is mapped, and each frame linked. */
function marksOf({ name, recording }: NamedRecording): Mark[] {
  const all = recording.header.ramBytes / 4096;
  const [seen, tables] = [new Set<number>(), new Set<number>()];
  const marks: Mark[] = [];
  const at = (step: number) => 100 * step / recording.length;
  for (const write of recording) {
    const table = linked(write, all);
    if (table !== undefined && !tables.has(table)) {
      tables.add(table);
      const place = table / PAGES_A_MIB;
      marks.push({ name, kind: "table", from: at(write.step), to: at(write.step), low: place, high: place });
    }
    const run = mapped(write, all);
    if (run === undefined || seen.has(run.page)) continue;
    seen.add(run.page);
    const [low, high] = [run.page / PAGES_A_MIB, (run.page + run.pages) / PAGES_A_MIB];
    const last = marks.at(-1);
    if (last?.kind === "maps" && Math.abs(last.high - low) < 1e-9) {
      marks[marks.length - 1] = { ...last, to: at(write.step), high };
    } else marks.push({ name, kind: "maps", from: at(write.step), to: at(write.step), low, high });
  }
  return marks;
}

function countOf(marks: readonly Mark[], name: string, kind: Mark["kind"]): readonly Mark[] {
  return marks.filter((mark) => mark.name === name && mark.kind === kind);
}

/** Marks of one kind that follow each other in memory, upwards or downwards, as one row. */
function rowsOf(marks: readonly Mark[]): (string | number)[][] {
  const rows: { kind: string; name: string; count: number; first: Mark; last: Mark }[] = [];
  for (const mark of marks) {
    const row = rows.at(-1);
    const far = row === undefined
      ? Infinity
      : Math.min(Math.abs(mark.low - row.last.high), Math.abs(mark.high - row.last.low));
    if (row === undefined || far > NEAR) rows.push({ ...mark, count: 1, first: mark, last: mark });
    else rows[rows.length - 1] = { ...row, count: row.count + 1, last: mark };
  }
  return rows.map(({ name, kind, count, first, last }) => {
    const upwards = last.low >= first.low;
    return [
      name,
      kind,
      count,
      (upwards ? first.low : first.high).toFixed(1),
      (upwards ? last.high : last.low).toFixed(1),
    ];
  });
}

function wordsOf(marks: readonly Mark[], name: string): string {
  const tables = countOf(marks, name, "table").map(({ low }) => low);
  const [first, last] = [Math.min(...tables), Math.max(...tables)].map((place) => place.toFixed(1));
  return `${name}: ${tables.length} tables, between ${first} and ${last} MiB`;
}

/**
 * Where page tables come from and in which order memory is mapped, in recorded boots, one below the other.
 *
 * @param boots The boots.
 * @returns The figure: writes from left to right, memory upwards; a line where memory is mapped for the first time, an upright mark where a page becomes a table.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mappingOrder, recordingOf } from "@pagetable-init/chapters";
 *
 * const recording = await recordingOf("2.6.20-pentium3-64M");
 * assertEquals(mappingOrder([{ name: "2.6.20", recording }]).table.rows[0], ["2.6.20", "table", 1, "2.8", "2.8"]);
 * ```
 */
export function mappingOrder(boots: readonly NamedRecording[]): Figure {
  const marks = boots.flatMap(marksOf);
  const [maps, tables] = [marks.filter(({ kind }) => kind === "maps"), marks.filter(({ kind }) => kind === "table")];
  const names = boots.map(({ name }) => name);
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + MARGIN.marginBottom + PANEL * boots.length,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { label: "writes of the boot, percent", domain: [0, 100] },
      y: { label: "MiB of memory" },
      fy: { domain: names, label: null, padding: 0.12 },
      marks: [
        Plot.frame({ stroke: paint("line") }),
        Plot.link(maps, {
          fy: "name",
          x1: "from",
          x2: "to",
          y1: "low",
          y2: "high",
          stroke: paint("large"),
          strokeWidth: 3,
        }),
        Plot.dot(tables, { fy: "name", x: "from", y: "low", symbol: SYMBOLS.post, r: 4, fill: paint("ink") }),
        ...legend(LEGEND, 0, MARGIN.marginBottom - 12, names.at(-1)),
      ],
    },
    caption: `Where memory is mapped for the first time, and where page tables lie, in the boots of ${
      names.join(", ")
    }. Look at the upright marks: the tables lie in a row of their own, or at the end of what is mapped already.`,
    description: `${names.map((name) => wordsOf(marks, name)).join(". ")}.`,
    table: {
      header: ["kernel", "what", "marks", "from MiB", "to MiB"],
      rows: names.flatMap((
        name,
      ) => [...rowsOf(countOf(marks, name, "table")), ...rowsOf(countOf(marks, name, "maps"))]),
    },
  };
}
