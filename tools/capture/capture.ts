/**
 * From a running guest to a state: the paging registers of one CPU, and the frames that its page tables occupy.
 *
 * The guest stands still meanwhile: it is stopped if it ran, and runs again afterwards. Read are the frames that a walk can reach from
 * CR3, and nothing else of its memory.
 *
 * @module
 */

import { isolationOf } from "../../core/audit/isolation.ts";
import { clearPdpteMarks } from "../../core/dump/load.ts";
import { writeState } from "../../core/dump/write.ts";
import { loadState, MAX_STATE_FRAMES, parseStateHeader } from "../../core/dump/mod.ts";
import { selectMode } from "../../core/mmu/mod.ts";
import { countLeaves, type Tables, tableUses } from "../../core/tables/mod.ts";
import { type Cpu, CPUS, type Mode, PhysicalMemory } from "../../mod.ts";
import type { PagingRegisters } from "../inputs/registers.ts";
import type { Guest } from "./guest.ts";
import { QmpError } from "./qmp.ts";

const CR0_PG = 0x8000_0000;

/** The guest and the CPU that are captured. */
export interface Wanted {
  /** Stem of the file names; with several CPUs the index of each comes behind it. */
  readonly name: string;
  /** A description of the guest; a general one if not given. */
  readonly description?: string | undefined;
  /** Index of the CPU whose tables are wanted, or all. */
  readonly cpu: number | "all";
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

/** A captured state, checked as `audit` will check it. */
export interface Captured {
  /** Stem of the file names. */
  readonly name: string;
  /** Text of `NAME.json`. */
  readonly header: string;
  /** Contents of `NAME.pt.gz`, not yet compressed. */
  readonly frameData: Uint8Array;
  /** Number of page tables. */
  readonly frames: number;
  /** Number of leaves. */
  readonly leaves: number;
  /** The paging mode. */
  readonly mode: Mode;
}

/** The guard, which lets the guest run on even if this process is killed. */
export interface Guard {
  /** Called before the guest is stopped. */
  readonly stopping: () => Promise<void>;
  /** Called when it runs again. */
  readonly running: () => Promise<void>;
}

const NO_GUARD: Guard = { stopping: async () => {}, running: async () => {} };

/**
 * Captures the page tables of a guest.
 *
 * @param guest The guest.
 * @param wanted What is wanted.
 * @param guard Is told when the guest stands still.
 * @returns The state of each CPU that is wanted, all of one moment.
 * @throws {QmpError} If QEMU answers nonsense or paging is off, or the guest may stand still.
 * @throws {RangeError} If the tables cannot be a state: too many, or in memory that the guest has not.
 * @throws {DOMException} `AbortError`, if it was given up. The guest runs then.
 */
export async function capture(guest: Guest, wanted: Wanted, guard: Guard = NO_GUARD): Promise<Captured[]> {
  guest.signal = wanted.signal;
  if (!await guest.isRunning()) return await readAll(guest, wanted);
  await guard.stopping();
  const work = guest.stop().then(() => readAll(guest, wanted));
  await letRun(guest, guard, await work.then(() => undefined, (error: unknown) => error));
  return await work;
}

/** Lets the guest run, or says that it may not. */
async function letRun(guest: Guest, guard: Guard, cause?: unknown): Promise<void> {
  try {
    await guest.cont();
  } catch (error) {
    const reason = cause ?? error;
    const why = reason instanceof Error && reason.name !== "AbortError" ? `${reason.message}; ` : "";
    throw new QmpError(`${why}the guest may stand still: say "cont" to its monitor`, { cause: reason });
  }
  await guard.running();
}

async function readAll(guest: Guest, wanted: Wanted): Promise<Captured[]> {
  if (wanted.cpu !== "all") return [await read(guest, wanted, wanted.cpu, wanted.name)];
  const captured: Captured[] = [];
  for (const cpu of await guest.cpus()) {
    const { cr0 } = await guest.registers(cpu);
    if (cr0 >= CR0_PG) captured.push(await read(guest, wanted, cpu, `${wanted.name}-cpu${cpu}`));
  }
  if (captured.length > 0) return captured;
  throw new QmpError("paging is off on every CPU; try again when the guest has switched it on");
}

async function read(guest: Guest, wanted: Wanted, index: number, name: string): Promise<Captured> {
  const registers = await guest.registers(index);
  const ramBytes = await guest.memoryBytes();
  if (registers.cr0 < CR0_PG) {
    throw new QmpError(`paging is off; try again when the guest has switched it on`);
  }
  const cpu = await guest.cpu(index);
  const tables = tablesAt(registers, cpu ?? CPUS.today);
  const frames = await readTables(guest, tables);
  const { cr0, cr2, cr3, cr4, efer, ip, cpl, ac } = registers;
  const { header, frameData } = await writeState({
    name,
    description: wanted.description ?? guest.description(index),
    cpu,
    ramBytes,
    registers: { ip, cr0, cr2, cr3, cr4, efer, pkru: null, ac, pat: null }, // the monitor tells neither PKRU nor the PAT
    cpl,
    tables,
    frames,
  });
  await loadState(parseStateHeader(header), frameData);
  return { name, header, frameData, frames: frames.length, leaves: countLeaves(tables), mode: tables.mode };
}

/** Memory of any size: tables may lie in what was plugged in, at any address. */
function tablesAt({ cr0, cr3, cr4, efer }: PagingRegisters, cpu: Cpu): Tables {
  const memory = new PhysicalMemory(2 ** 52);
  return { memory, cpu, mode: selectMode(cr4, efer), root: cr3, cr0: cr0 | 0, cr4, efer, sparse: true };
}

/** Copies the tables below the root, and, if they are isolated, those below the other root of the process. */
async function readTables(guest: Guest, tables: Tables): Promise<number[]> {
  const frames = new Set<number>();
  await copyTables(guest, tables, frames);
  if (tables.mode.entryWords === 2) {
    const root = Math.floor(tables.root / 4096);
    const beside = root % 2 === 0 ? root + 1 : root - 1;
    const words = await guest.frame(beside).catch((error) => noMemory(error, false));
    const isolation = isolationOf(tables, (frame) => frame === beside ? words : wordsOf(tables, frame));
    if (isolation?.other !== undefined) await copyTables(guest, { ...tables, root: isolation.other }, frames);
  }
  return [...frames].sort((a, b) => a - b);
}

function wordsOf({ memory }: Tables, frame: number): Int32Array {
  return Int32Array.from({ length: 1024 }, (_, word) => memory.read(frame, word));
}

/** Copies tables as a walk reaches them; `tableUses` looks into a table only after it has named it. One where no memory is stays missing. */
async function copyTables(guest: Guest, tables: Tables, frames: Set<number>): Promise<void> {
  const missing = new Set<number>();
  for (const { frame } of tableUses(tables)) {
    if (frames.has(frame) || missing.has(frame)) continue;
    if (frames.size === MAX_STATE_FRAMES) {
      throw new RangeError(`Expected at most ${MAX_STATE_FRAMES} page tables but found more`);
    }
    const words = await guest.frame(frame).catch((error) => noMemory(error, frames.size === 0));
    if (words === undefined) {
      missing.add(frame);
      continue;
    }
    frames.add(frame);
    words.forEach((word, i) => tables.memory.write(frame, i, word));
    if (frames.size === 1 && tables.mode.rootInRegisters) clearPdpteMarks(tables.memory, tables.root);
  }
}

/** Nothing, if the monitor says that it cannot access memory there; the root must be read. */
function noMemory(error: unknown, root: boolean): undefined {
  if (!root && error instanceof QmpError && error.message.includes("Cannot access memory")) return undefined;
  throw error;
}
