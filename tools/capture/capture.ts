/**
 * From a running guest to a state: the paging registers of one CPU, and the frames that its page tables occupy.
 *
 * The guest stands still meanwhile: it is stopped if it ran, and runs again afterwards. Read are the frames that a walk can reach from
 * CR3, and nothing else of its memory.
 *
 * @module
 */

import { clearPdpteMarks } from "../../core/dump/load.ts";
import { writeState } from "../../core/dump/write.ts";
import { loadState, MAX_STATE_FRAMES, parseStateHeader } from "../../core/dump/mod.ts";
import { selectMode } from "../../core/mmu/mod.ts";
import { countLeaves, type Tables, tableUses } from "../../core/tables/mod.ts";
import { type Cpu, CPUS, type Mode, PhysicalMemory } from "../../mod.ts";
import { readCpu } from "./cpu.ts";
import type { PagingRegisters } from "../inputs/registers.ts";
import { readFrame, readMemoryBytes, readRegisters } from "./monitor.ts";
import { isFields, type Qmp, QmpError } from "./qmp.ts";

const CR0_PG = 0x8000_0000;
/** Milliseconds in which a guest must run again: somebody may be waiting for the end of this process. */
const CONT_TIMEOUT = 3_000;

/** What is to be captured. */
export interface Wanted {
  /** Stem of the file names. */
  readonly name: string;
  /** What ran; something general if not given. */
  readonly description?: string | undefined;
  /** Index of the CPU whose tables are wanted. */
  readonly cpu: number;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

/** A captured state, checked as `audit` will check it. */
export interface Captured {
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

/** Whoever sees to it that the guest runs on, even if this process is killed. */
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
 * @param qmp A connection to its QEMU.
 * @param wanted What is wanted.
 * @param guard Is told when the guest stands still.
 * @returns The state.
 * @throws {QmpError} If QEMU answers nonsense or paging is off, or the guest may stand still.
 * @throws {RangeError} If the tables cannot be a state: too many, or in memory that the guest has not.
 * @throws {DOMException} `AbortError`, if it was given up. The guest runs then.
 */
export async function capture(qmp: Qmp, wanted: Wanted, guard: Guard = NO_GUARD): Promise<Captured> {
  qmp.signal = wanted.signal;
  if (!await isRunning(qmp)) return await read(qmp, wanted);
  await guard.stopping();
  const work = qmp.execute("stop").then(() => read(qmp, wanted));
  await letRun(qmp, guard, await work.then(() => undefined, (error: unknown) => error));
  return await work;
}

/** Lets the guest run, or says that it may not. */
async function letRun(qmp: Qmp, guard: Guard, cause?: unknown): Promise<void> {
  qmp.signal = undefined;
  qmp.answerTimeout = Math.min(qmp.answerTimeout, CONT_TIMEOUT);
  try {
    await qmp.execute("cont");
  } catch (error) {
    const reason = cause ?? error;
    const why = reason instanceof Error && reason.name !== "AbortError" ? `${reason.message}; ` : "";
    throw new QmpError(`${why}the guest may stand still: say "cont" to its monitor`, { cause: reason });
  }
  await guard.running();
}

async function isRunning(qmp: Qmp): Promise<boolean> {
  const status = await qmp.execute("query-status");
  if (isFields(status) && typeof status["running"] === "boolean") return status["running"];
  throw new QmpError("Expected to be told whether the guest runs but found nothing of it");
}

async function read(qmp: Qmp, wanted: Wanted): Promise<Captured> {
  const registers = await readRegisters(qmp, wanted.cpu);
  const ramBytes = await readMemoryBytes(qmp);
  if (registers.cr0 < CR0_PG) throw new QmpError("paging is off; try again when the guest has switched it on");
  const cpu = await readCpu(qmp, wanted.cpu);
  const tables = tablesAt(registers, cpu ?? CPUS.today);
  const frames = await readTables(qmp, tables);
  const { cr0, cr2, cr3, cr4, efer, ip, cpl, ac } = registers;
  const { header, frameData } = await writeState({
    name: wanted.name,
    description: wanted.description ?? `a guest of QEMU ${qmp.version}, CPU ${wanted.cpu}, captured over QMP`,
    cpu,
    ramBytes,
    registers: { ip, cr0, cr2, cr3, cr4, efer, pkru: null, ac, pat: null }, // the monitor tells neither PKRU nor the PAT
    cpl,
    tables,
    frames,
  });
  await loadState(parseStateHeader(header), frameData);
  return { header, frameData, frames: frames.length, leaves: countLeaves(tables), mode: tables.mode };
}

/** Memory of any size: tables may lie in what was plugged in, at any address. */
function tablesAt({ cr0, cr3, cr4, efer }: PagingRegisters, cpu: Cpu): Tables {
  const memory = new PhysicalMemory(2 ** 52);
  return { memory, cpu, mode: selectMode(cr4, efer), root: cr3, cr0: cr0 | 0, cr4, efer, sparse: true };
}

/** Copies tables as a walk reaches them; `tableUses` looks into a table only after it has named it. One where no memory is stays missing. */
async function readTables(qmp: Qmp, tables: Tables): Promise<number[]> {
  const frames = new Set<number>();
  const missing = new Set<number>();
  for (const { frame } of tableUses(tables)) {
    if (frames.has(frame) || missing.has(frame)) continue;
    if (frames.size === MAX_STATE_FRAMES) {
      throw new RangeError(`Expected at most ${MAX_STATE_FRAMES} page tables but found more`);
    }
    const words = await readFrame(qmp, frame).catch((error) => noMemory(error, frames.size === 0));
    if (words === undefined) {
      missing.add(frame);
      continue;
    }
    frames.add(frame);
    words.forEach((word, i) => tables.memory.write(frame, i, word));
    if (frames.size === 1 && tables.mode.rootInRegisters) clearPdpteMarks(tables.memory, tables.root);
  }
  return [...frames].sort((a, b) => a - b);
}

/** Nothing, if the monitor says that it cannot access memory there; the root must be read. */
function noMemory(error: unknown, root: boolean): undefined {
  if (!root && error instanceof QmpError && error.message.includes("Cannot access memory")) return undefined;
  throw error;
}
