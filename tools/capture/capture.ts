/**
 * From a running guest to a state: the paging registers of one CPU, and the frames that its page tables occupy.
 *
 * The guest stands still meanwhile: it is stopped if it ran, and runs again afterwards. Read are the frames that a walk can reach from
 * CR3, and nothing else of its memory.
 *
 * @module
 */

import { MODE_NAMES } from "../../core/dump/header.ts";
import { clearPdpteMarks, sha256 } from "../../core/dump/load.ts";
import {
  countLeaves,
  CPUS,
  loadState,
  MAX_STATE_FRAMES,
  type Mode,
  parseStateHeader,
  PhysicalMemory,
  selectMode,
  STATE_FORMAT,
  type Tables,
  tableUses,
} from "../../mod.ts";
import { type PagingRegisters, readFrame, readMemoryBytes, readRegisters } from "./monitor.ts";
import { isFields, type Qmp, QmpError } from "./qmp.ts";

const CR0_PG = 0x8000_0000;
/** Physical memory has a hole below 4 GiB: frames may lie this much beyond its size. */
const HOLE = 2 ** 32;

/** What is to be captured. */
export interface Wanted {
  /** Stem of the file names. */
  readonly name: string;
  /** What ran; something general if not given. */
  readonly description?: string | undefined;
  /** Index of the CPU whose tables are wanted. */
  readonly cpu: number;
  /** Gives up between two frames. */
  readonly signal?: AbortSignal | undefined;
}

/** A captured state, checked as `audit` will check it. */
export interface Captured {
  /** Text of `NAME.json`. */
  readonly header: string;
  /** Contents of `NAME.pt.gz`, not yet compressed. */
  readonly frameData: Uint8Array<ArrayBuffer>;
  /** Number of page tables. */
  readonly frames: number;
  /** Number of leaves. */
  readonly leaves: number;
  /** The paging mode. */
  readonly mode: Mode;
}

/**
 * Captures the page tables of a guest.
 *
 * @param qmp A connection to its QEMU.
 * @param wanted What is wanted.
 * @returns The state.
 * @throws {QmpError} If QEMU answers nonsense or paging is off.
 * @throws {RangeError} If the tables cannot be a state: too many, or in memory that the guest has not.
 */
export async function capture(qmp: Qmp, wanted: Wanted): Promise<Captured> {
  const ran = await stop(qmp);
  try {
    const captured = await read(qmp, wanted);
    if (ran) await qmp.execute("cont");
    return captured;
  } catch (error) {
    if (ran) await letRun(qmp, error);
    throw error;
  }
}

/** After a failure: lets the guest run, or says that it does not. */
async function letRun(qmp: Qmp, cause: unknown): Promise<void> {
  try {
    await qmp.execute("cont");
  } catch {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new QmpError(`${reason}; the guest may stand still: say "cont" to its monitor`, { cause });
  }
}

/** Stops the guest; returns whether it ran. */
async function stop(qmp: Qmp): Promise<boolean> {
  const status = await qmp.execute("query-status");
  if (!isFields(status) || typeof status["running"] !== "boolean") {
    throw new QmpError("Expected to be told whether the guest runs but found nothing of it");
  }
  if (status["running"]) await qmp.execute("stop");
  return status["running"];
}

async function read(qmp: Qmp, wanted: Wanted): Promise<Captured> {
  const registers = await readRegisters(qmp, wanted.cpu);
  const ramBytes = await readMemoryBytes(qmp);
  if (registers.cr0 < CR0_PG) throw new QmpError("paging is off; try again when the guest has switched it on");
  const tables = tablesAt(registers, new PhysicalMemory(ramBytes + HOLE));
  const frames = await readTables(qmp, tables, wanted.signal);
  const frameData = bytesOf(tables.memory, frames);
  const header = await headerText(wanted, qmp.version, registers, { ramBytes, frames, frameData, tables });
  await loadState(parseStateHeader(header), frameData);
  return { header, frameData, frames: frames.length, leaves: countLeaves(tables), mode: tables.mode };
}

/** `today`, as `loadState` has it for a state that names no CPU. */
function tablesAt({ cr3, cr4, efer }: PagingRegisters, memory: PhysicalMemory): Tables {
  return { memory, cpu: CPUS.today, mode: selectMode(cr4, efer), root: cr3, cr4, efer };
}

/** Copies tables as a walk reaches them; `tableUses` looks into a table only after it has named it. */
async function readTables(qmp: Qmp, tables: Tables, signal?: AbortSignal): Promise<number[]> {
  const frames = new Set<number>();
  for (const { frame, level } of tableUses(tables)) {
    if (frames.has(frame)) continue;
    signal?.throwIfAborted();
    if (frame >= tables.memory.frames) {
      throw new RangeError(`Expected a ${level.table} table in memory but found one in frame 0x${frame.toString(16)}`);
    }
    if (frames.size === MAX_STATE_FRAMES) {
      throw new RangeError(`Expected at most ${MAX_STATE_FRAMES} page tables but found more`);
    }
    frames.add(frame);
    (await readFrame(qmp, frame)).forEach((word, i) => tables.memory.write(frame, i, word));
    if (frames.size === 1 && tables.mode.rootInRegisters) clearPdpteMarks(tables.memory, tables.root);
  }
  return [...frames].sort((a, b) => a - b);
}

function bytesOf(memory: PhysicalMemory, frames: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(frames.length * 4096);
  const view = new DataView(bytes.buffer);
  for (const [i, frame] of frames.entries()) {
    for (let word = 0; word < 1024; word++) view.setInt32(i * 4096 + word * 4, memory.read(frame, word), true);
  }
  return bytes;
}

interface Content {
  readonly ramBytes: number;
  readonly frames: readonly number[];
  readonly frameData: Uint8Array<ArrayBuffer>;
  readonly tables: Tables;
}

async function headerText(
  { name, description, cpu }: Wanted,
  version: string,
  { cr0, cr2, cr3, cr4, efer, ip, cpl }: PagingRegisters,
  { ramBytes, frames, frameData, tables }: Content,
): Promise<string> {
  const header = {
    format: STATE_FORMAT,
    description: description ?? `a guest of QEMU ${version}, CPU ${cpu}, captured over QMP`,
    mode: Object.keys(MODE_NAMES).find((name) => MODE_NAMES[name] === tables.mode),
    ramBytes,
    registers: { ip: hex(ip), cr0: hex(cr0), cr2: hex(cr2), cr3: hex(cr3), cr4: hex(cr4), efer: hex(efer) },
    cpl,
    frameSize: 4096,
    frames: frames.map(hex),
    frameData: `${name}.pt.gz`,
    frameDataSha256: await sha256(frameData),
    leafCount: countLeaves(tables),
  };
  return `${JSON.stringify(header, null, 1)}\n`;
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
