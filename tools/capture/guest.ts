/**
 * A guest as a capture needs it, and the guest of a QEMU that speaks QMP.
 *
 * @module
 */

import type { Cpu } from "../../mod.ts";
import type { PagingRegisters } from "../inputs/registers.ts";
import { readCpu } from "./cpu.ts";
import { printedRegisters, readFrame, readMemoryBytes } from "./monitor.ts";
import { isFields, type Qmp, QmpError } from "./qmp.ts";

/** Milliseconds in which a guest must run again: somebody may be waiting for the end of this process. */
const CONT_TIMEOUT = 3_000;

/** A guest. A failure is a `QmpError` of one line. */
export interface Guest {
  /** One line for people: the guest, and how it was captured. */
  readonly description: (cpu: number) => string;
  /** Gives up what is awaited, and what is asked later. */
  signal: AbortSignal | undefined;
  isRunning(): Promise<boolean>;
  stop(): Promise<void>;
  /** Lets it run, within a few seconds and whatever `signal` says. */
  cont(): Promise<void>;
  /** Indexes of its CPUs. */
  cpus(): Promise<number[]>;
  registers(cpu: number): Promise<PagingRegisters>;
  /** The features of a CPU; null if nobody tells them. */
  cpu(index: number): Promise<Cpu | null>;
  /** Size of its memory; 2^52 if nobody tells. */
  memoryBytes(): Promise<number>;
  /** The 1024 words of a frame. */
  frame(frame: number): Promise<Int32Array>;
}

/** A guest of QEMU, over QMP. */
export class QmpGuest implements Guest {
  readonly #qmp: Qmp;

  /**
   * @param qmp A connection to its QEMU.
   */
  constructor(qmp: Qmp) {
    this.#qmp = qmp;
  }

  get signal(): AbortSignal | undefined {
    return this.#qmp.signal;
  }

  set signal(signal: AbortSignal | undefined) {
    this.#qmp.signal = signal;
  }

  description = (cpu: number): string => `a guest of QEMU ${this.#qmp.version}, CPU ${cpu}, captured over QMP`;

  async isRunning(): Promise<boolean> {
    const status = await this.#qmp.execute("query-status");
    if (isFields(status) && typeof status["running"] === "boolean") return status["running"];
    throw new QmpError("Expected to be told whether the guest runs but found nothing of it");
  }

  async stop(): Promise<void> {
    await this.#qmp.execute("stop");
  }

  async cont(): Promise<void> {
    this.#qmp.signal = undefined;
    this.#qmp.answerTimeout = Math.min(this.#qmp.answerTimeout, CONT_TIMEOUT);
    await this.#qmp.execute("cont");
  }

  async cpus(): Promise<number[]> {
    const cpus = await this.#qmp.execute("query-cpus-fast");
    const found = Array.isArray(cpus) ? cpus.map((cpu) => isFields(cpu) ? cpu["cpu-index"] : undefined) : [];
    const indexes = found.filter((index): index is number => typeof index === "number");
    if (indexes.length > 0 && indexes.length === found.length) return indexes;
    throw new QmpError("Expected the guest's CPUs but found none");
  }

  async registers(cpu: number): Promise<PagingRegisters> {
    return printedRegisters(await this.#qmp.monitor("info registers", cpu), cpu);
  }

  async cpu(index: number): Promise<Cpu | null> {
    return await readCpu(this.#qmp, index);
  }

  async memoryBytes(): Promise<number> {
    return await readMemoryBytes(this.#qmp);
  }

  async frame(frame: number): Promise<Int32Array> {
    return await readFrame(frame, (line) => this.#qmp.monitor(line));
  }
}
