/**
 * The tables and the accesses of the benchmark, the same on both sides (see c/layout.c).
 *
 * @module
 */
import {
  A,
  type Cpu,
  CPUS,
  CR4_PAE,
  CR4_PGE,
  D,
  EFER_LME,
  EFER_NXE,
  G,
  Machine,
  makeEntry,
  NX,
  P,
  PhysicalMemory,
  PS,
  RW,
  US,
} from "../../../core/mmu/mod.ts";

/** A direct map: which linear address frame 0 has, and how many pages of which size there are. */
export interface Layout {
  readonly cpu: Cpu;
  /** Bits 63..32 of the linear address of frame 0. */
  readonly hi: number;
  /** Bits 31..0. */
  readonly lo: number;
  readonly pages: number;
  /** Log2 of the page size. */
  readonly shift: 12 | 21;
}

/** 896 MiB. */
export const LOWMEM_PAGES = 0x38000;
/** Pages that are all writable and all at once in the TLB. */
export const HIT_PAGES = 64;
/** Accesses of one pass. */
export const ACCESSES: number = 1 << 18;

/** 896 MiB in 4K pages. */
export const LOWMEM_PAE: Layout = { cpu: CPUS.k8, hi: 0, lo: 0xc000_0000, pages: LOWMEM_PAGES, shift: 12 };
/** 896 MiB in 4K pages, four levels. */
export const LOWMEM_4LEVEL: Layout = { cpu: CPUS.today, hi: 0xffff_8880, lo: 0, pages: LOWMEM_PAGES, shift: 12 };
/** 64 GiB in 2M pages. */
export const LARGE_4LEVEL: Layout = { cpu: CPUS.today, hi: 0xffff_8880, lo: 0, pages: 0x8000, shift: 21 };
/** 1 TiB in 2M pages. */
export const HUGE_4LEVEL: Layout = { cpu: CPUS.today, hi: 0xffff_8880, lo: 0, pages: 0x8_0000, shift: 21 };
/** 64 MiB in 4K pages. */
export const SMALL_PAE: Layout = { cpu: CPUS.k8, hi: 0, lo: 0xc000_0000, pages: 0x4000, shift: 12 };

const ENTRIES = 512;
const FIRST_TABLE = 0x600;
/** Frames below are executable. */
export const TEXT_END = 0x500;
const FIRST_READ_ONLY = 0x400;
const TABLE = P | RW | US | A | D;
const LEAF = P | RW | A | D | G;

/** A machine with the tables of a layout, paging on, CR0.WP and NX in force. */
export function machineOf(layout: Layout): Machine {
  const memory = new PhysicalMemory(Math.max(layout.pages * 2 ** layout.shift, 2 ** 30));
  const machine = new Machine(layout.cpu, memory);
  const wide = layout.hi !== 0;
  let table = FIRST_TABLE;
  for (const count of tablesAbove(layout, wide)) {
    const root = table === FIRST_TABLE;
    const first = !root ? 0 : wide ? (layout.hi >>> 7) & 511 : 3;
    const tables = root ? 1 : Math.ceil(count / ENTRIES);
    fillPointers(memory, table, first, table + tables, count, root && !wide ? P : TABLE);
    table += tables;
  }
  fillLeaves(memory, table, layout);
  machine.writeEfer(wide ? EFER_NXE | EFER_LME : EFER_NXE);
  machine.writeCr4(CR4_PAE | CR4_PGE);
  machine.writeCr3(FIRST_TABLE * 4096);
  machine.writeCr0(0x8001_0001 | 0);
  return machine;
}

/** Number of tables on each level below the root. */
function tablesAbove({ pages, shift }: Layout, wide: boolean): number[] {
  const depth = (wide ? 3 : 2) - (shift === 12 ? 0 : 1);
  return Array.from({ length: depth }, (_, level) => Math.ceil(pages / ENTRIES ** (depth - level)));
}

/** The leaf of the n-th page: one page in 75 is read-only, all in a row, and two map a frame that is not theirs. */
function fillLeaves(memory: PhysicalMemory, first: number, { pages, shift }: Layout): void {
  const step = 2 ** (shift - 12);
  for (let n = 0; n < pages; n++) {
    const frame = n * step + (n === 10_000 || n === 20_000 ? step : 0);
    const readOnly = n >= FIRST_READ_ONLY && n < FIRST_READ_ONLY + Math.floor(pages / 75);
    const flags = (shift === 12 ? LEAF : LEAF | PS) & (readOnly ? ~RW : -1);
    write(memory, first + (n >>> 9), n & 511, frame, flags, frame >= TEXT_END);
  }
}

/** One entry for each of `count` tables from frame `to` on; they continue in the following frames. */
function fillPointers(
  memory: PhysicalMemory,
  frame: number,
  first: number,
  to: number,
  count: number,
  flags: number,
): void {
  for (let i = 0; i < count; i++) write(memory, frame + (i >>> 9), first + (i & 511), to + i, flags);
}

function write(memory: PhysicalMemory, table: number, index: number, frame: number, flags: number, nx = false): void {
  const { lo, hi } = makeEntry(frame, flags | (nx ? NX : 0));
  memory.write(table, 2 * index, lo);
  memory.write(table, 2 * index + 1, hi);
}

/** Accesses to page after page: low word of the linear address, plus 1 for a write, then the high word. */
export function sequential(layout: Layout, pages: number = layout.pages): Int32Array {
  const accesses = new Int32Array(2 * ACCESSES);
  for (let i = 0; i < ACCESSES; i++) setAccess(accesses, i, layout, i % pages, i & 1);
  return accesses;
}

/** Accesses all over the place (xorshift32), in the same form. */
export function scattered(layout: Layout, pages: number = layout.pages): Int32Array {
  const accesses = new Int32Array(2 * ACCESSES);
  let x = 20_070_428;
  for (let i = 0; i < ACCESSES; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    setAccess(accesses, i, layout, (x >>> 0) % pages, x >>> 31);
  }
  return accesses;
}

function setAccess(accesses: Int32Array, i: number, { hi, lo, shift }: Layout, page: number, write: number): void {
  const offset = page * 2 ** shift;
  accesses[2 * i] = lo + offset + write; // the lower halves add up to less than 2^32
  accesses[2 * i + 1] = hi + Math.floor(offset / 2 ** 32);
}
