/**
 * Lowmem along a line: the first mebibytes get room, and the uniform rest is compressed.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { paint } from "./palette.ts";

/** Pages in a MiB. */
export const PAGES_PER_MIB = 256;

const FOCUS_PAGES = 16 * PAGES_PER_MIB;
const FOCUS_SHARE = 0.88;

/** The place of a page on the line. */
export interface MemoryAxis {
  /** Pages of lowmem. */
  readonly pages: number;
  /** Pages on the wide part of the line; all of them on a linear axis. */
  readonly focus: number;
  /** Position of a page, in pixels. */
  readonly x: (page: number) => number;
}

/**
 * An axis for some pages of lowmem.
 *
 * @param pages Pages of lowmem.
 * @param boundaries Pages at which something changes: what lies behind the last is uniform.
 * @param left Pixel of page 0.
 * @param right Pixel of the end of lowmem.
 * @returns The axis. It is linear unless at least the second half of lowmem is uniform.
 */
export function memoryAxis(pages: number, boundaries: readonly number[], left: number, right: number): MemoryAxis {
  const last = boundaries.reduce((max, page) => page < pages ? Math.max(max, page) : max, FOCUS_PAGES);
  const rounded = 2 ** Math.ceil(Math.log2(last));
  const focus = rounded * 2 <= pages ? rounded : pages;
  const width = right - left;
  const end = focus === pages ? 1 : FOCUS_SHARE;
  const share = (page: number) =>
    page <= focus ? page / focus * end : end + (page - focus) / (pages - focus) * (1 - end);
  return { pages, focus, x: (page) => left + share(page) * width };
}

/** The axis explained for a caption; empty for a linear one. */
export function axisWords({ pages, focus }: MemoryAxis): string {
  if (focus === pages) return "";
  return ` From ${focus / PAGES_PER_MIB} to ${pages / PAGES_PER_MIB} MiB nothing changes: that part is compressed.`;
}

/** Marks at round numbers of MiB, about eight in the part that gets room, and one at the end. */
function ticksOf({ pages, focus }: MemoryAxis): number[] {
  const step = 2 ** Math.ceil(Math.log2(focus / PAGES_PER_MIB / 8));
  const all = Array.from(
    { length: Math.floor(focus / PAGES_PER_MIB / step) + 1 },
    (_, at) => at * step * PAGES_PER_MIB,
  );
  return focus === pages ? all : [...all, pages];
}

/**
 * The axis as marks: ticks with MiB, and a name below them.
 *
 * @param axis The axis.
 * @param y Pixel of the line.
 * @returns The marks; they need identity scales.
 */
export function axisMarks(axis: MemoryAxis, y: number): Plot.Markish[] {
  const ticks = ticksOf(axis);
  const x = (page: number) => axis.x(page);
  const from = axis.x(0);
  const end = axis.x(axis.pages);
  const common = { fill: paint("muted"), lineAnchor: "top" } as const;
  return [
    Plot.link([0], { x1: () => from, x2: () => end, y1: () => y, y2: () => y, stroke: paint("line") }),
    Plot.link(ticks, { x1: x, x2: x, y1: () => y, y2: () => y + 4, stroke: paint("muted") }),
    Plot.text(ticks, { ...common, x, y: () => y + 7, text: (page: number) => `${page / PAGES_PER_MIB}` }),
    Plot.text([0], {
      ...common,
      x: () => from,
      y: () => y + 22,
      textAnchor: "start",
      text: () => "MiB of lowmem",
    }),
    ...(axis.focus === axis.pages ? [] : [
      Plot.text([axis.focus], { ...common, x, y: () => y - 4, lineAnchor: "middle", text: () => "//", fontSize: 12 }),
    ]),
  ];
}
