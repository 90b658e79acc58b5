/**
 * Coverage: the pages of lowmem that are mapped, to their own frame or to another.
 *
 * @module
 */

import type { Guest } from "./guest.ts";
import { type GuestRange, pagesBetween, pagesPerLeaf } from "../tables/range_list.ts";
import { tableUses } from "../tables/tables.ts";

/** The figures of a direct map, in 4K pages unless said otherwise. The first is the sum of the next three. */
export interface Coverage {
  /** Pages of lowmem. */
  readonly lowmemPages: number;
  /** Pages mapped to their own frame. */
  readonly mapped: number;
  /** Pages mapped to another frame. */
  readonly wrongFrame: number;
  /** Pages not mapped. */
  readonly unmapped: number;
  /** Pages that large pages map, to their own or another frame. */
  readonly largePages: number;
  /** TLB entries that hold the whole map: one for each page, small or large. */
  readonly tlbEntries: number;
  /** Frames spent on page tables: all below the root that are the guest's own. */
  readonly tablePages: number;
}

/** Consecutive pages of lowmem with the same coverage. */
export interface CoverageRange {
  /** Pfn of the first page. */
  readonly firstPfn: number;
  /** Number of 4K pages. */
  readonly pages: number;
  /** Mapped to their own frames, to others, or not at all. */
  readonly kind: "right" | "wrong-frame" | "unmapped";
  /** Whether large pages map them. */
  readonly large: boolean;
}

/** A stretch of lowmem and the range of leaves that maps it, if any. */
export interface LowmemPiece extends CoverageRange {
  /** The range that maps it; undefined if none does. */
  readonly range: GuestRange | undefined;
}

/**
 * Lays the leaves over lowmem. What large pages map beyond its end (trap T19) belongs to no piece.
 *
 * @param guest The guest.
 * @param ranges Its leaves, frames as pfns.
 * @returns Pieces that cover lowmem without a gap, by pfn.
 */
export function lowmemPieces({ pageOffset, lowmemPages }: Guest, ranges: readonly GuestRange[]): LowmemPiece[] {
  const pieces: LowmemPiece[] = [];
  const unmapped = (firstPfn: number, end: number) => {
    if (firstPfn < end) {
      pieces.push({ firstPfn, pages: end - firstPfn, kind: "unmapped", large: false, range: undefined });
    }
  };
  let next = 0;
  for (const range of ranges) {
    const offset = pagesBetween(pageOffset, range.linear);
    const firstPfn = Math.max(offset, 0);
    const end = Math.min(offset + range.pages, lowmemPages);
    if (firstPfn >= end) continue;
    unmapped(next, firstPfn);
    const kind = range.pfn === offset ? "right" : "wrong-frame";
    pieces.push({ firstPfn, pages: end - firstPfn, kind, large: range.pageShift > 12, range });
    next = end;
  }
  unmapped(next, lowmemPages);
  return pieces;
}

/**
 * Joins neighbouring pieces with the same coverage.
 *
 * @param pieces Pieces of lowmem, by pfn.
 * @returns The ranges that a figure draws.
 */
export function coverageRanges(pieces: readonly CoverageRange[]): CoverageRange[] {
  const ranges: CoverageRange[] = [];
  for (const { firstPfn, pages, kind, large } of pieces) {
    const last = ranges[ranges.length - 1];
    if (last?.kind === kind && last.large === large) ranges[ranges.length - 1] = { ...last, pages: last.pages + pages };
    else ranges.push({ firstPfn, pages, kind, large });
  }
  return ranges;
}

/**
 * Counts.
 *
 * @param guest The guest.
 * @param pieces Its lowmem.
 * @returns The figures.
 */
export function measureCoverage(guest: Guest, pieces: readonly LowmemPiece[]): Coverage {
  const pagesOf = (test: (piece: LowmemPiece) => boolean) =>
    pieces.reduce((sum, piece) => test(piece) ? sum + piece.pages : sum, 0);
  return {
    lowmemPages: guest.lowmemPages,
    mapped: pagesOf(({ kind }) => kind === "right"),
    wrongFrame: pagesOf(({ kind }) => kind === "wrong-frame"),
    unmapped: pagesOf(({ kind }) => kind === "unmapped"),
    largePages: pagesOf(({ large }) => large),
    tlbEntries: pieces.reduce((sum, piece) => sum + leavesIn(guest, piece), 0),
    tablePages: ownTables(guest).size,
  };
}

function leavesIn({ pageOffset }: Guest, { firstPfn, pages, range }: LowmemPiece): number {
  if (range === undefined) return 0;
  const offset = pagesBetween(pageOffset, range.linear);
  const leaf = (pfn: number) => Math.floor((pfn - offset) / pagesPerLeaf(range));
  return leaf(firstPfn + pages - 1) - leaf(firstPfn) + 1;
}

/** Under Xen the root leads to Xen's own tables too. They are not counted, because they do not cost the guest memory. */
function ownTables(guest: Guest): Set<number> {
  const frames = new Set<number>();
  for (const { frame } of tableUses(guest)) {
    if (guest.m2p === undefined || (guest.m2p[frame] ?? -1) >= 0) frames.add(frame);
  }
  return frames;
}
