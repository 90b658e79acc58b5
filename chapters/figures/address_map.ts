/**
 * The 32-bit address space in squares of 4 MiB, shaded by how much of each is mapped. Long unmapped stretches are shortened.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { type PageRange, pageRanges, type Tables } from "../../core/tables/mod.ts";
import { formatAddress, RIGHT_NX, RIGHT_RW, RIGHT_US } from "../../core/mmu/mod.ts";
import type { Figure, FigureTable } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint } from "./palette.ts";
import { count } from "./count.ts";

const SQUARES = 32; // a side: 32 * 32 squares of 4 MiB are 4 GiB
const SIDE = 16;
const PAGES = 1024;
const GAP = 2; // rows that an empty stretch takes on paper at most
const ROW_MIB = 4 * SQUARES;
const MARGIN = { marginLeft: 96, marginTop: 8, marginRight: 16, marginBottom: 40 } as const;
const WIDTH = 640;
const MAX_TABLE_ROWS = 60;

const LEGEND: readonly LegendEntry[] = [
  { symbol: "full", color: "large", filled: true, label: "all 4 MiB mapped" },
  { symbol: "part", color: "small", filled: true, label: "some of it" },
  { symbol: "dash", color: "error", filled: false, label: "open to user mode" },
];

/** A square with mapped pages. */
interface Square {
  readonly number: number;
  readonly pages: number;
  readonly user: boolean;
}

function squaresOf(ranges: readonly PageRange[]): Square[] {
  const squares = new Map<number, Square>();
  for (const { linear, pages, rights } of ranges) {
    let page = linear.lo >>> 12;
    const end = page + pages;
    while (page < end) {
      const number = Math.floor(page / PAGES);
      const next = Math.min(end, (number + 1) * PAGES);
      const old = squares.get(number);
      const user = (rights & RIGHT_US) !== 0 || (old?.user ?? false);
      squares.set(number, { number, pages: (old?.pages ?? 0) + next - page, user });
      page = next;
    }
  }
  return [...squares.values()];
}

/** Rows of squares, `first` to `first + rows - 1`, and where they lie on paper: in rows from the top. */
interface Band {
  readonly first: number;
  readonly rows: number;
  readonly empty: boolean;
  readonly top: number;
  readonly height: number;
}

function rowOf({ number }: Square): number {
  return Math.floor(number / SQUARES);
}

/** The rows from top to bottom: each row with mapped pages by itself, and each empty stretch as one. */
function bandsOf(squares: readonly Square[]): Band[] {
  const used = new Set(squares.map(rowOf));
  const bands: Band[] = [];
  for (let first = 0; first < SQUARES;) {
    const empty = !used.has(first);
    let rows = 1;
    while (empty && first + rows < SQUARES && !used.has(first + rows)) rows++;
    const last = bands.at(-1);
    const top = last === undefined ? 0 : last.top + last.height;
    bands.push({ first, rows, empty, top, height: empty ? Math.min(rows, GAP) : 1 });
    first += rows;
  }
  return bands;
}

/** Where the row of a square begins on paper. */
function topOf(bands: readonly Band[], square: Square): number {
  return bands.find(({ first }) => first === rowOf(square))?.top ?? 0;
}

function squareMarks(squares: readonly Square[], bands: readonly Band[]): Plot.Markish[] {
  const x = ({ number }: Square) => number % SQUARES;
  const y = (it: Square) => topOf(bands, it);
  const rect = (all: readonly Square[], share: number, color: "large" | "small") =>
    Plot.rect(all, {
      x1: x,
      x2: (it: Square) => x(it) + 1,
      y1: (it: Square) => y(it) + 1 - share,
      y2: (it: Square) => y(it) + 1,
      inset: 1,
      fill: paint(color),
      title: (it: Square) => `${formatAddress(it.number * 2 ** 22)}: ${count(it.pages)} pages`,
    });
  return [
    rect(squares.filter(({ pages }) => pages >= PAGES), 1, "large"),
    rect(squares.filter(({ pages }) => pages < PAGES), 0.55, "small"),
    userStrips(squares, bands, "paper", 7), // keeps the strip apart from a square of any colour
    userStrips(squares, bands, "error", 3.4),
  ];
}

/** A strip across each square in which user mode may read. */
function userStrips(
  squares: readonly Square[],
  bands: readonly Band[],
  color: "paper" | "error",
  strokeWidth: number,
): Plot.Markish {
  return Plot.ruleY(squares.filter(({ user }) => user), {
    x1: ({ number }: Square) => number % SQUARES + 0.08,
    x2: ({ number }: Square) => number % SQUARES + 0.92,
    y: (it: Square) => topOf(bands, it) + 0.27,
    stroke: paint(color),
    strokeWidth,
  });
}

/** Lines between the squares, and the addresses at which a stretch or a GiB begins. */
function gridMarks(bands: readonly Band[]): Plot.Markish[] {
  const columns = Array.from({ length: SQUARES + 1 }, (_, at) => at);
  const rows = bands.flatMap(({ top, height }) => Array.from({ length: height }, (_, at) => top + at));
  const named = bands.filter(({ first, empty }, at) => !empty && (first % 8 === 0 || bands[at - 1]?.empty !== false));
  return [
    Plot.ruleX(columns, { stroke: paint("line"), strokeWidth: 0.6 }),
    Plot.ruleY([...rows, heightOf(bands)], { stroke: paint("line"), strokeWidth: 0.6 }),
    Plot.text(named, {
      x: 0,
      y: ({ top }: Band) => top + 0.5,
      dx: -8,
      text: ({ first }: Band) => addressOf(first),
      textAnchor: "end",
      fill: paint("ink"),
    }),
  ];
}

/** The label over a shortened stretch: its size. */
function gapMarks(bands: readonly Band[]): Plot.Markish[] {
  const gaps = bands.filter(({ empty }) => empty);
  const middle = ({ top, height }: Band) => top + height / 2;
  return [
    Plot.rect(gaps, {
      x1: 0,
      x2: SQUARES,
      y1: ({ top }: Band) => top,
      y2: ({ top, height }: Band) => top + height,
      insetTop: 1,
      insetBottom: 1,
      fill: paint("paper"),
      stroke: paint("line"),
    }),
    Plot.text(gaps, {
      x: SQUARES / 2,
      y: middle,
      text: ({ first, rows }: Band) =>
        `${addressOf(first)} to ${formatAddress((first + rows) * SQUARES * 2 ** 22 - 1)}: ${
          count(rows * ROW_MIB)
        } MiB, nothing mapped`,
      fill: paint("muted"),
    }),
  ];
}

/** The address at which a row begins. */
function addressOf(row: number): string {
  return formatAddress(row * SQUARES * 2 ** 22);
}

/** The legend entries for the kinds of squares on the map. */
function legendOf(squares: readonly Square[]): readonly LegendEntry[] {
  return LEGEND.filter(({ symbol }) =>
    squares.some(({ pages, user }) => symbol === "dash" ? user : (symbol === "full") === (pages >= PAGES))
  );
}

function heightOf(bands: readonly Band[]): number {
  return bands.reduce((sum, { height }) => sum + height, 0);
}

function rightsOf(rights: number): string {
  const letters = [[RIGHT_US, "user"], [RIGHT_RW, "write"]] as const;
  const named = ["read", ...letters.filter(([bit]) => (rights & bit) !== 0).map(([, name]) => name)];
  return [...named, ...((rights & RIGHT_NX) === 0 ? ["execute"] : [])].join(", ");
}

function tableOf(ranges: readonly PageRange[]): FigureTable {
  const rows = ranges.map(({ linear, pages, pageShift, frame, rights }) => [
    formatAddress(linear),
    formatAddress(linear.lo + pages * 4096 - 1),
    pages / 2 ** (pageShift - 12),
    `${2 ** (pageShift - 10)} KiB`,
    `0x${frame.toString(16)}`,
    rightsOf(rights),
  ]);
  const rest = rows.length - MAX_TABLE_ROWS + 1;
  return {
    header: ["from", "to", "pages", "of", "first frame", "allowed"],
    rows: rows.length === 0
      ? [["nothing", "", 0, "", "", ""]]
      : rest > 1
      ? [...rows.slice(0, MAX_TABLE_ROWS - 1), [`${rest} more runs`, "", "", "", "", ""]]
      : rows,
  };
}

/**
 * The map of a 32-bit address space.
 *
 * @param tables The tables; `tablesOf` has those of a machine.
 * @param what Name of the tables, for the caption, such as `"the kernel's first tables"`.
 * @param look A sentence for the caption that tells the reader what to look at.
 * @returns The figure, low addresses on top; its table has a line for each run of pages.
 * @throws {RangeError} If the addresses are wider than 32 bits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
 * import { addressMap } from "@pagetable-init/chapters";
 *
 * const memory = new PhysicalMemory(1 << 24);
 * memory.write(0x1, 768, 0x2003);
 * memory.write(0x2, 256, 0x300003);
 * const tables = { memory, cpu: CPUS.i486, mode: MODES["two-level"], root: 0x1000, cr4: 0, efer: 0 };
 * const { table } = addressMap(tables, "one page");
 * assertEquals(table.rows, [["0xc0100000", "0xc0100fff", 1, "4 KiB", "0x300", "read, write, execute"]]);
 * ```
 */
export function addressMap(tables: Tables, what: string, look: string = ""): Figure {
  if (tables.mode.linearBits > 32) {
    throw new RangeError(`Expected 32-bit addresses but found ${tables.mode.id} paging`);
  }
  const ranges = pageRanges(tables);
  const squares = squaresOf(ranges);
  const bands = bandsOf(squares);
  const full = squares.filter(({ pages }) => pages >= PAGES).length;
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + heightOf(bands) * SIDE + MARGIN.marginBottom,
      ...MARGIN,
      x: { axis: null, domain: [0, SQUARES] },
      y: { axis: null, domain: [0, heightOf(bands)], reverse: true },
      marks: [
        ...gridMarks(bands),
        ...gapMarks(bands),
        ...squareMarks(squares, bands),
        ...legend(legendOf(squares), 0, MARGIN.marginBottom - 18),
      ],
    },
    caption: `The address space with ${what}, in squares of 4 MiB, low addresses on top; what is empty is shortened.${
      look === "" ? "" : ` ${look}`
    }`,
    description: `${count(SQUARES * SQUARES)} squares of 4 MiB, ${SQUARES} a row: ${full} wholly mapped, ${
      squares.length - full
    } in part, the others empty. Squares open to user mode: ${squares.filter(({ user }) => user).length}.`,
    table: tableOf(ranges),
  };
}
