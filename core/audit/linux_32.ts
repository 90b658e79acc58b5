/**
 * The regions of a 32-bit Linux kernel. Lowmem and vmalloc come first; fixmap, CPU entry area and pkmap are at the top, from high to low.
 *
 * Source: Linux's arch/x86/include/asm/pgtable_32_areas.h and arch/x86/mm/init_32.c.
 *
 * @module
 */

import { RIGHT_RW, RIGHT_US } from "../mmu/mod.ts";
import type { Layout } from "./linux_long.ts";
import type { Area, Span } from "./regions.ts";

const TOP = 2 ** 20;
/** 4 MiB: all fixmaps are above. */
const FIXMAP = TOP - 0x400;
/** Where Linux lets lowmem begin: 3G, and the other splits that it can be built with. */
export const SPLITS: readonly number[] = [0xc_0000, 0xb_0000, 0x8_0000, 0x7_8000, 0x4_0000];

/**
 * Finds the regions of Linux.
 *
 * @param spans The map.
 * @param distance First page of the direct map, if there is one.
 * @param pmdPages Pages that a table of the last level covers: 512 or 1024.
 * @param emptyTables First pages of tables of the last level that map nothing.
 * @returns The areas and what speaks for them; undefined if too little does.
 */
export function linux32Layout(
  spans: readonly Span[],
  distance: number | undefined,
  pmdPages: number,
  emptyTables: readonly number[],
): Layout | undefined {
  if (distance === undefined || !SPLITS.includes(distance)) return undefined;
  const kernel = spans.filter(({ page }) => page >= distance);
  const direct = kernel.filter(({ page, row }) => page - row.range.frame === distance && row.times === 1);
  const end = direct.at(-1)?.end ?? distance;
  const fixmap = kernel.some(({ page, row }) => page >= FIXMAP && row.range.frame !== page);
  const identity = kernel.some(({ page, row }) => page >= FIXMAP && row.range.frame === page);
  if (identity) return undefined; // devices at their own addresses, as teaching kernels map them
  const entryArea = entryAreaIn(kernel, pmdPages);
  const upper = upperAreas(entryArea, pmdPages, emptyTables);
  const vmallocEnd = Math.min(FIXMAP, ...upper.map(({ first }) => first));
  return {
    areas: [
      { name: "lowmem", first: distance, end, guess: false },
      ...upper,
      { name: "fixmap", first: FIXMAP, end: TOP, guess: true },
      { name: "vmalloc", first: end, end: vmallocEnd, guess: true },
    ],
    evidence: [
      "lowmem at a split of Linux's",
      fixmap ? "a fixmap" : [],
      entryArea === undefined ? [] : "a CPU entry area",
    ].flat(),
  };
}

/** The CPU entry area begins with the IDT: one read-only page, at the beginning of what a table of the last level covers. */
function entryAreaIn(spans: readonly Span[], pmdPages: number): number | undefined {
  const found = spans.findLast(({ page, row: { range } }) =>
    page >= TOP - 2 ** 14 && page < FIXMAP && page % pmdPages === 0 && range.pages === 1 &&
    (range.rights & (RIGHT_RW | RIGHT_US)) === 0
  );
  return found?.page;
}

/**
 * The areas between vmalloc and fixmap. The windows of kmap (pkmap) lie two tables below the CPU entry area. In kernels without one they are
 * an empty table near the top.
 */
function upperAreas(entryArea: number | undefined, pmdPages: number, emptyTables: readonly number[]): Area[] {
  if (entryArea === undefined) {
    const pkmap = emptyTables.find((page) => page >= TOP - 0x1000 && page < FIXMAP);
    return pkmap === undefined
      ? []
      : [{ name: "pkmap", first: pkmap, end: pkmap + pmdPages, guess: true, empty: true }];
  }
  const pkmap = entryArea - 2 * pmdPages;
  return [
    { name: "pkmap", first: pkmap, end: pkmap + pmdPages, guess: true, empty: emptyTables.includes(pkmap) },
    { name: "LDT", first: entryArea - pmdPages, end: entryArea, guess: true },
    { name: "cpu entry area", first: entryArea, end: FIXMAP, guess: true },
  ];
}
