/**
 * A guest of QEMU that offers only a gdb stub: its monitor answers through it.
 *
 * @module
 */

import type { Cpu } from "../../mod.ts";
import type { PagingRegisters } from "../inputs/registers.ts";
import type { Gdb } from "./gdb.ts";
import type { Guest } from "./guest.ts";
import { printedRegisters, readFrame } from "./monitor.ts";
import { QmpError } from "./qmp.ts";

/** A guest over gdb's protocol. Its stub stops it when a client connects, and lets it run when the client detaches, whether it ran before or not. */
export class GdbGuest implements Guest {
  readonly #gdb: Gdb;

  /**
   * @param gdb A connection to its stub.
   */
  constructor(gdb: Gdb) {
    this.#gdb = gdb;
  }

  get signal(): AbortSignal | undefined {
    return this.#gdb.signal;
  }

  set signal(signal: AbortSignal | undefined) {
    this.#gdb.signal = signal;
  }

  description = (cpu: number): string => `a guest of QEMU, CPU ${cpu}, captured by its gdb stub`;

  isRunning(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async stop(): Promise<void> {}

  async cont(): Promise<void> {
    await this.#gdb.detach();
  }

  async cpus(): Promise<number[]> {
    const text = await this.#gdb.monitor("info cpus");
    const found = [...text.matchAll(/CPU #(\d+):/g)].map(([, index]) => Number(index));
    if (found.length > 0) return found;
    throw new QmpError("Expected the guest's CPUs but found none");
  }

  async registers(cpu: number): Promise<PagingRegisters> {
    const refused = await this.#gdb.monitor(`cpu ${cpu}`);
    if (refused.trim() !== "") throw new QmpError(`Expected CPU ${cpu} among the guest's but found: ${refused.trim()}`);
    return printedRegisters(await this.#gdb.monitor("info registers"), cpu);
  }

  /** Not known: the stub has no command for it. */
  cpu(): Promise<Cpu | null> {
    return Promise.resolve(null);
  }

  async memoryBytes(): Promise<number> {
    const text = await this.#gdb.monitor("info memory_size_summary");
    const sizes = [...text.matchAll(/^(?:base|plugged) memory: (\d{1,16})\r?$/gm)].map(([, bytes]) => Number(bytes));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return bytes >= 4096 && bytes % 4096 === 0 && bytes < 2 ** 52 ? bytes : 2 ** 52;
  }

  async frame(frame: number): Promise<Int32Array> {
    return await readFrame(frame, (line) => this.#gdb.monitor(line));
  }
}
