/**
 * The address space of a guest over time. Addresses that are never mapped are left out, because they are most of it.
 *
 * @module
 */

import type { MapRow, TablesAudit } from "../../core/audit/mod.ts";
import { formatAddress, type Linear, RIGHT_NX, RIGHT_RW, RIGHT_US } from "../../core/mmu/mod.ts";
import { Names } from "./names.ts";
import type { PageColor, StateWords } from "./page_states.ts";
import type { AddressSpace } from "./recording.ts";

/** Squares that a map may have. */
const MAX_SQUARES = 2 ** 16;

/** A stretch of pages that was mapped at some time: page numbers, the end excluded. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

function pageOf({ hi, lo }: Linear): number {
  return hi * 2 ** 20 + Math.floor(lo / 4096);
}

/** The pages of a row: of several alike only the first is drawn. */
function stretchOf({ range }: MapRow): Stretch {
  const from = pageOf(range.linear);
  return { from, to: from + range.pages };
}

/** Stretches that overlap or touch become one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || stretch.from > last.to) result.push(stretch);
    else if (stretch.to > last.to) result[result.length - 1] = { from: last.from, to: stretch.to };
  }
  return result;
}

/** Squares for all pages that any of some audits has mapped. */
export class Squares {
  /** How a page of the recording explains its map. */
  readonly space: AddressSpace;
  /** Number of squares. */
  readonly count: number;
  readonly #states = new Names<string>();
  readonly #words: StateWords[] = [];
  readonly #stretches: readonly Stretch[];

  /** @param audits Audits at several moments. */
  constructor(audits: readonly TablesAudit[]) {
    this.#stretches = joined(audits.flatMap(({ map }) => map.map(stretchOf)));
    const pages = this.#stretches.reduce((sum, { from, to }) => sum + to - from, 0);
    const unit = Math.max(1, Math.ceil(pages / MAX_SQUARES));
    let first = 0;
    const ranges = this.#stretches.map(({ from, to }) => {
      const range = { first, squares: Math.ceil((to - from) / unit), linear: formatAddress(BigInt(from) * 4096n) };
      first += range.squares;
      return range;
    });
    this.space = { unit, ranges };
    this.count = first;
    this.#code("unmapped", "not mapped");
  }

  /** The states that any square ever has. */
  get states(): readonly StateWords[] {
    return this.#words;
  }

  /** The states of all squares at a moment. */
  at({ map, findings, nx }: TablesAudit): Uint16Array {
    const squares = new Uint16Array(this.count);
    for (const row of map) this.#fill(squares, stretchOf(row), colorOf(row), wordsOf(row));
    for (const { ranges, severity, id } of findings) {
      if (severity !== "high" || (id === "kernel-write-exec" && !nx)) continue; // without NX that is all of memory
      for (const { linear, pages } of ranges) {
        this.#fill(squares, { from: pageOf(linear), to: pageOf(linear) + pages }, "error", id);
      }
    }
    return squares;
  }

  #fill(squares: Uint16Array, { from, to }: Stretch, color: PageColor, words: string): void {
    squares.fill(this.#code(color, words), this.#square(from), this.#square(to - 1) + 1);
  }

  #square(page: number): number {
    const at = this.#stretches.findLastIndex(({ from }) => from <= page);
    const range = this.space.ranges[at];
    return range === undefined
      ? 0
      : range.first + Math.floor((page - (this.#stretches[at]?.from ?? 0)) / this.space.unit);
  }

  #code(color: PageColor, words: string): number {
    const number = this.#states.numberOf(words);
    this.#words[number] ??= { color, words };
    return number;
  }
}

function colorOf({ range: { rights, pageShift } }: MapRow): PageColor {
  if ((rights & RIGHT_RW) === 0) return "readOnly";
  return pageShift > 12 ? "large" : "small";
}

function wordsOf({ range: { rights, pageShift, global } }: MapRow): string {
  const size = pageShift >= 30 ? "1G" : pageShift > 12 ? `${2 ** (pageShift - 20)}M` : "4K";
  const user = (rights & RIGHT_US) !== 0 ? "user " : "";
  const rest = `${(rights & RIGHT_RW) !== 0 ? "write " : ""}${(rights & RIGHT_NX) !== 0 ? "" : "execute "}`;
  return `${size}, ${user}read ${rest}`.trim() + (global ? ", global" : "");
}
