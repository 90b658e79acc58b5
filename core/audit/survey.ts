/**
 * The tables of a real machine, about which nothing is known but the tables: the map, and what is worth worrying about.
 *
 * @module
 */

import { EFER_NXE, type Linear, type Mode, RIGHT_NX, RIGHT_RW, RIGHT_US } from "../mmu/mod.ts";
import { addPart, addWritable, type ErrorRun } from "./error_runs.ts";
import { type LeafRun, pagesBetween } from "./run_list.ts";
import { leafRuns } from "./runs.ts";
import { type Tables, type TableUse, tableUses } from "./tables.ts";

/** A run of leaves, or several alike that map the same frames at equal distances (Linux's ESPFIX makes 65,536). */
export interface MapRow {
  /** The first run. */
  readonly run: LeafRun;
  /** How many there are. */
  readonly times: number;
  /** 4K pages from one to the next; 0 if there is one. */
  readonly stride: number;
}

/** What is worth worrying about in the tables of a kernel. */
export interface Worries {
  /** Pages that can be written and executed: whoever can write there can run code. */
  readonly writableExecutable: readonly ErrorRun[];
  /** Page tables that can be written, by whatever alias. A kernel on bare hardware does that; a guest of Xen must not. */
  readonly writablePageTable: readonly ErrorRun[];
  /** Pages of the kernel half that user mode reaches. */
  readonly userInKernelHalf: readonly ErrorRun[];
}

/** The page tables of a machine, surveyed. */
export interface Survey {
  /** All leaves, by linear address. */
  readonly map: readonly MapRow[];
  /** Number of leaves. */
  readonly leaves: number;
  /** The frames that serve as page tables. */
  readonly tables: readonly TableUse[];
  /** Whether these tables can forbid execution at all: 8-byte entries and EFER.NXE. */
  readonly nx: boolean;
  /** Where the kernel half was taken to begin. */
  readonly kernelHalf: Linear;
  /** What is worth worrying about. */
  readonly worries: Worries;
}

/** Where kernels live: the upper half of canonical addresses; in 32-bit modes the top gigabyte, as Linux has it by default. */
function defaultKernelHalf({ linearBits }: Mode): Linear {
  return linearBits === 32 ? { hi: 0, lo: 0xc000_0000 } : { hi: 0x8000_0000, lo: 0 };
}

/**
 * Surveys the page tables of a machine.
 *
 * @param tables The tables; `tablesOf` has those of a machine.
 * @param kernelHalf First linear address of the kernel; by default the upper half, in 32-bit modes 0xc0000000.
 * @returns The map and the worries.
 * @throws {RangeError} If the tables refer to each other in loops (`MAX_TABLES`), or lead to more than `MAX_RUNS` runs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES, PhysicalMemory, survey } from "@pagetable-init/textbook";
 *
 * const memory = new PhysicalMemory(1 << 24);
 * memory.write(0x1, 768, 0x00e7); // a 4M page at 0xc0000000, which holds the root table and is open to user mode
 * const { worries } = survey({ memory, cpu: CPUS.p6, mode: MODES["two-level"], root: 0x1000, cr4: 0x10, efer: 0 });
 * assertEquals(worries.writablePageTable.map(({ linear }) => linear.lo), [0xc0001000]);
 * assertEquals(worries.userInKernelHalf.map(({ pages }) => pages), [1024]);
 * ```
 */
export function survey(tables: Tables, kernelHalf: Linear = defaultKernelHalf(tables.mode)): Survey {
  const runs = leafRuns(tables);
  const uses = [...tableUses(tables)];
  return {
    map: collapse(runs),
    leaves: runs.reduce((sum, { pages }) => sum + pages, 0),
    tables: uses,
    nx: tables.mode.entryWords === 2 && (tables.efer & EFER_NXE) !== 0,
    kernelHalf,
    worries: findWorries(runs, uses, kernelHalf),
  };
}

function findWorries(runs: readonly LeafRun[], uses: readonly TableUse[], kernelHalf: Linear): Worries {
  const writableExecutable: ErrorRun[] = [];
  const writablePageTable: ErrorRun[] = [];
  const userInKernelHalf: ErrorRun[] = [];
  for (const run of runs) {
    if ((run.rights & (RIGHT_RW | RIGHT_NX)) === RIGHT_RW) addPart(writableExecutable, run, 0);
    if ((run.rights & RIGHT_US) !== 0) addPart(userInKernelHalf, run, pagesBetween(run.linear, kernelHalf));
  }
  const frames = new Set(uses.map(({ frame }) => frame));
  addWritable(writablePageTable, Float64Array.from(frames).sort(), runs);
  return { writableExecutable, writablePageTable, userInKernelHalf };
}

/** Joins runs that differ in nothing but their address, if that advances by equal steps. */
function collapse(runs: readonly LeafRun[]): MapRow[] {
  const rows: MapRow[] = [];
  for (let i = 0; i < runs.length;) {
    const run = runs[i] as LeafRun;
    const stride = distance(run, runs[i + 1]);
    let times = 1;
    while (stride !== 0 && distance(runs[i + times - 1], runs[i + times]) === stride) times++;
    rows.push(times > 2 ? { run, times, stride } : { run, times: 1, stride: 0 });
    i += times > 2 ? times : 1;
  }
  return rows;
}

/** 4K pages from one run to the next; 0 if they differ in more than their address. */
function distance(run: LeafRun | undefined, next: LeafRun | undefined): number {
  if (run === undefined || next === undefined) return 0;
  const alike = run.pfn === next.pfn && run.pages === next.pages && run.pageShift === next.pageShift &&
    run.rights === next.rights && run.global === next.global && run.patIndex === next.patIndex;
  return alike ? pagesBetween(run.linear, next.linear) : 0;
}
