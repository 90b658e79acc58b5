/**
 * Captures a state from a running guest: the paging registers of a CPU, and the frames of its page tables.
 *
 * The guest stands still meanwhile: it is stopped if it ran, and runs again afterwards. Nothing of its memory is read but what
 * `collectTables` needs.
 *
 * @module
 */

import { loadState, parseStateHeader } from "../../core/dump/mod.ts";
import { CR0_PG } from "../../core/mmu/mod.ts";
import { countLeaves } from "../../core/tables/mod.ts";
import { CPUS, type Mode } from "../../mod.ts";
import { collectTables, type ReadFrame, savedState } from "../inputs/collect.ts";
import type { PagingRegisters } from "../inputs/registers.ts";
import type { Guest } from "./guest.ts";
import { QmpError } from "./qmp.ts";

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
    if (isPaging(await guest.registers(cpu))) captured.push(await read(guest, wanted, cpu, `${wanted.name}-cpu${cpu}`));
  }
  if (captured.length > 0) return captured;
  throw new QmpError("paging is off on every CPU; try again when the guest has switched it on");
}

async function read(guest: Guest, wanted: Wanted, index: number, name: string): Promise<Captured> {
  const registers = await guest.registers(index);
  const ramBytes = await guest.memoryBytes();
  if (!isPaging(registers)) throw new QmpError("paging is off; try again when the guest has switched it on");
  const cpu = await guest.cpu(index);
  const collected = await collectTables(registers, cpu ?? CPUS.today, frameReader(guest, registers));
  const description = wanted.description ?? guest.description(index);
  const { header, frameData } = await savedState(collected, registers, { name, description, cpu, ramBytes });
  await loadState(parseStateHeader(header), frameData);
  const { tables, frames } = collected;
  return { name, header, frameData, frames: frames.length, leaves: countLeaves(tables), mode: tables.mode };
}

function isPaging({ cr0 }: PagingRegisters): boolean {
  return (cr0 & CR0_PG) !== 0;
}

/** Reads frames. Where the monitor says that it cannot access memory, there is none; the root must be read. */
function frameReader(guest: Guest, { cr3 }: PagingRegisters): ReadFrame {
  const root = Math.floor(cr3 / 4096);
  return (frame) =>
    guest.frame(frame).catch((error) => {
      if (frame !== root && error instanceof QmpError && error.message.includes("Cannot access memory")) {
        return undefined;
      }
      throw error;
    });
}
