/**
 * The regions of an address space: areas with a name, and what is mapped in them.
 *
 * @module
 */

import type { Linear } from "../mmu/mod.ts";
import { lastByte, linearOf, pageOf } from "../tables/range_list.ts";
import type { MapRow } from "./map_rows.ts";

/** A region of a map: pages are mapped in it, or it has at least a page table. */
export interface Region {
  /** What it is for: `direct map`, `vmalloc`, `kernel text`. */
  readonly name: string;
  /** Linear address of the first byte that is mapped. */
  readonly first: Linear;
  /** Linear address of the last byte that is mapped. */
  readonly last: Linear;
  /** Number of 4K pages that are mapped. */
  readonly pages: number;
  /** Whether its limits follow from the structure of the map alone, so that they may be wrong. */
  readonly guess: boolean;
}

/** The bounds within which a region may be. */
export interface Area {
  /** Its name. */
  readonly name: string;
  /** Linear page number of the first page, without sign extension. */
  readonly first: number;
  /** The page behind the last. */
  readonly end: number;
  /** Whether this follows from the structure of the map alone. */
  readonly guess: boolean;
  /** Whether the area is a region even with nothing mapped in it: its page table is there. */
  readonly empty?: boolean;
}

/** A row of a map by page numbers. */
export interface Span {
  /** Linear page number of the first page, without sign extension. */
  readonly page: number;
  /** The page behind the last, aliases included. */
  readonly end: number;
  /** The row. */
  readonly row: MapRow;
}

/** The rows of a map by page numbers, in order. */
export function spansOf(rows: readonly MapRow[], linearBits: number): Span[] {
  return rows.map((row) => {
    const { linear, pages } = row.range;
    const page = pageOf(linear, linearBits);
    return { page, end: page + (row.times - 1) * row.stride + pages, row };
  });
}

/**
 * What is mapped in each area.
 *
 * @param areas The areas, ascending; they do not overlap.
 * @param spans The map.
 * @param linearBits Width of linear addresses.
 * @returns The regions with something in them, by address.
 */
export function regionsIn(areas: readonly Area[], spans: readonly Span[], linearBits: number): Region[] {
  const found = areas.map(() => ({ first: Infinity, end: 0, pages: 0 }));
  let at = 0;
  for (const { page, end, row } of spans) {
    while (at < areas.length && (areas[at]?.end ?? Infinity) <= page) at++;
    for (let i = at; i < areas.length; i++) {
      const [area, region] = [areas[i], found[i]];
      if (area === undefined || region === undefined || area.first >= end) break;
      region.first = Math.min(region.first, Math.max(page, area.first));
      region.end = Math.max(region.end, Math.min(end, area.end));
      region.pages += row.times > 1
        ? row.times * row.range.pages
        : Math.min(end, area.end) - Math.max(page, area.first);
    }
  }
  return areas.flatMap(({ name, guess, empty, ...area }, i) => {
    const used = found[i] ?? { first: 0, end: 0, pages: 0 };
    if (used.pages === 0 && empty !== true) return [];
    const { first, end, pages } = used.pages === 0 ? { ...area, pages: 0 } : used;
    const last = lastByte(linearOf(end - 1, linearBits), 1);
    return [{ name, first: linearOf(first, linearBits), last, pages, guess }];
  });
}

/**
 * Adds areas until every page is in one. Pages without an area go to the user half, or to the rest of the kernel half.
 *
 * @param areas Some areas, in any order. Of two that overlap the first one given has the pages.
 * @param half Linear page number of the kernel half.
 * @param linearBits Width of linear addresses.
 * @returns The areas, ascending.
 */
export function completed(areas: readonly Area[], half: number, linearBits: number): Area[] {
  const all: Area[] = [];
  for (const area of areas) for (const part of withoutOthers(area, all)) all.push(part);
  for (const part of withoutOthers({ name: "user half", first: 0, end: half, guess: false }, all)) all.push(part);
  const rest = { name: "kernel half", first: half, end: 2 ** (linearBits - 12), guess: false };
  for (const part of withoutOthers(rest, all)) all.push(part);
  return all.filter(({ first, end }) => first < end).sort((a, b) => a.first - b.first);
}

function withoutOthers(area: Area, others: readonly Area[]): Area[] {
  let parts = [area];
  for (const { first, end } of others) {
    parts = parts.flatMap((part) => {
      if (end <= part.first || first >= part.end) return [part];
      return [{ ...part, end: first }, { ...part, first: end }].filter((it) => it.first < it.end);
    });
  }
  return parts;
}
