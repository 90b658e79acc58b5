/**
 * The search for findings: one pass over the ranges of an address space.
 *
 * @module
 */

import {
  CR0_WP,
  CR4_SMAP,
  CR4_SMEP,
  EFER_NXE,
  type Entry,
  frameOf,
  type Linear,
  RIGHT_NX,
  RIGHT_RW,
  RIGHT_US,
} from "../mmu/mod.ts";
import { linearOf, pagesBetween } from "../tables/range_list.ts";
import type { TableLevel, Tables, TableUse } from "../tables/tables.ts";
import { type Mapped, writableAliases } from "./aliases.ts";
import { type Finding, type FindingId, FindingPlaces, FINDINGS } from "./findings.ts";
import { firstEndingAfter, type Stretch, stretchesOf } from "./stretches.ts";

/** Frames below 4 GiB. Holes for devices there move memory up by at most that many. */
const HOLE = 0x10_0000;
const IDS = Object.keys(FINDINGS) as FindingId[];

/** The findings of one address space, range by range. */
export class Search {
  /** Whether RW binds the supervisor. */
  readonly writeProtect: boolean;
  readonly #tables: Tables;
  readonly #cpuKnown: boolean;
  readonly #places: ReadonlyMap<FindingId, FindingPlaces>;
  readonly #tableFrames: readonly Stretch[];
  readonly #firstBeyond: number;
  readonly #executable: Mapped[] = [];
  readonly #writable: Mapped[] = [];
  readonly #user: Mapped[] = [];

  /**
   * @param tables The tables.
   * @param uses The frames that serve as tables.
   * @param cpuKnown Whether the CPU of the tables is the machine's.
   */
  constructor(tables: Tables, uses: readonly TableUse[], cpuKnown: boolean) {
    const { mode, memory } = tables;
    this.#tables = tables;
    this.#cpuKnown = cpuKnown;
    this.writeProtect = ((tables.cr0 ?? CR0_WP) & CR0_WP) !== 0;
    this.#tableFrames = stretchesOf(Float64Array.from(new Set(uses.map(({ frame }) => frame))).sort());
    this.#firstBeyond = Math.max(memory.frames, HOLE) + HOLE;
    this.#places = new Map(IDS.map((id) => [id, new FindingPlaces(mode.linearBits)]));
  }

  /** Takes a range: linear page number, number of 4K pages, first frame, effective rights. */
  range(page: number, pages: number, frame: number, rights: number): void {
    const user = (rights & RIGHT_US) !== 0;
    const writable = (rights & RIGHT_RW) !== 0 || !this.writeProtect;
    const executable = (rights & RIGHT_NX) === 0;
    const mapped = { page, pages, frame, rights };
    if (writable && executable) {
      this.#add(user && (rights & RIGHT_RW) !== 0 ? "user-write-exec" : "kernel-write-exec", mapped);
    }
    if (user) this.#user.push(mapped);
    if (frame < 0) return; // the other findings are about frames
    if (executable && !writable && !user) this.#executable.push(mapped);
    else if (writable && (user || !executable)) this.#writable.push(mapped);
    if (writable) this.#tablesIn(mapped);
    if (frame + pages > this.#firstBeyond) this.#add("beyond-memory", from(mapped, this.#firstBeyond - frame));
  }

  /** Takes an entry that is odd, as `VisitOdd` has it. */
  odd(
    why: "reserved-bits" | "missing-table",
    row: TableLevel,
    page: number,
    hi: number,
    lo: number,
    bits: Entry,
  ): void {
    const entry = {
      name: row.level.entry,
      hi: hi >>> 0,
      lo: lo >>> 0,
      bits: { hi: bits.hi >>> 0, lo: bits.lo >>> 0 },
    };
    this.#places.get(why)?.addEntry(page, row.pages, frameOf(hi, lo), entry);
  }

  /**
   * Ends the search.
   *
   * @param kernelHalf Where the kernel half begins.
   * @returns The findings, worst first.
   */
  findings(kernelHalf: Linear): Finding[] {
    const { linearBits } = this.#tables.mode;
    for (const mapped of this.#user) {
      if (isVsyscall(mapped, linearBits)) continue;
      const below = pagesBetween(linearOf(mapped.page, linearBits), kernelHalf);
      if (below < mapped.pages) this.#add("kernel-user-accessible", from(mapped, Math.max(below, 0)));
    }
    for (const alias of writableAliases(this.#executable, this.#writable)) this.#add("alias-write-exec", alias);
    return IDS.flatMap((id) => this.#found(id));
  }

  #found(id: FindingId): Finding[] {
    const { pages = 0, entries = 0, ranges = [] } = this.#places.get(id) ?? {};
    if (ranges.length === 0 && !this.#switchedOff(id)) return [];
    const finding = { id, severity: FINDINGS[id].severity, pages, address: ranges[0]?.linear, ranges };
    return [entries === 0 ? finding : { ...finding, entries }];
  }

  /** Whether a defence that a finding is about is switched off, though the CPU has it. */
  #switchedOff(id: FindingId): boolean {
    const { cpu, cr4, efer, mode } = this.#tables;
    if (id === "wp-off") return !this.writeProtect;
    if (!this.#cpuKnown) return false;
    if (id === "nxe-off") return cpu.nx && mode.entryWords === 2 && (efer & EFER_NXE) === 0;
    if (id === "smep-off") return cpu.smep && (cr4 & CR4_SMEP) === 0;
    return id === "smap-off" && cpu.smap && (cr4 & CR4_SMAP) === 0;
  }

  #add(id: FindingId, { page, pages, frame, rights }: Mapped): void {
    this.#places.get(id)?.add(page, pages, frame, rights);
  }

  /** The parts of a writable range that map page tables. */
  #tablesIn({ page, pages, frame, rights }: Mapped): void {
    const end = frame + pages;
    for (let i = firstEndingAfter(this.#tableFrames, frame); i < this.#tableFrames.length; i++) {
      const stretch = this.#tableFrames[i];
      if (stretch === undefined || stretch.first >= end) break;
      const first = Math.max(stretch.first, frame);
      const count = Math.min(stretch.end, end) - first;
      this.#add("page-table-writable", { page: page + first - frame, pages: count, frame: first, rights });
    }
  }
}

/** The page that every 64-bit Linux may show to user mode, 0xffffffffff600000, and that nobody may write. */
function isVsyscall({ page, pages, rights }: Mapped, linearBits: number): boolean {
  return linearBits > 32 && page === 2 ** (linearBits - 12) - 0xa00 && pages === 1 && (rights & RIGHT_RW) === 0;
}

/** A range without its first pages. */
function from({ page, pages, frame, rights }: Mapped, cut: number): Mapped {
  const first = Math.max(cut, 0);
  return { page: page + first, pages: pages - first, frame: frame + first, rights };
}
