/**
 * The output of QEMU's monitor, read back: registers, memory, size of the memory.
 *
 * @module
 */

import { type PagingRegisters, registersIn } from "../inputs/registers.ts";
import { type Fields, isFields, type Qmp, QmpError } from "./qmp.ts";

const FRAME_BYTES = 4096;
const FRAME_WORDS = 1024;
/** Words of a frame's dump, four a line: address, colon, words. */
const DUMP_LINE = /^([0-9a-f]{8,16}):((?: 0x[0-9a-f]{8}){4})$/;

/**
 * The registers in what `info registers` prints.
 *
 * @param text All of it.
 * @param cpu Index of the CPU.
 * @returns Its registers.
 * @throws {QmpError} If the text has none, or they do not make sense.
 */
export function printedRegisters(text: string, cpu: number): PagingRegisters {
  try {
    return registersIn(text, cpu);
  } catch (error) {
    throw error instanceof RangeError ? new QmpError(error.message) : error;
  }
}

/**
 * Copies a frame of physical memory. The monitor prints it; QEMU writes no file.
 *
 * @param frame Frame number.
 * @param monitor Executes a command of the monitor.
 * @returns Its 1024 words.
 * @throws {QmpError} If there is no memory, or QEMU prints something else.
 */
export async function readFrame(frame: number, monitor: (line: string) => Promise<string>): Promise<Int32Array> {
  const address = frame * FRAME_BYTES;
  return wordsIn(await monitor(`xp /${FRAME_WORDS}xw 0x${address.toString(16)}`), address);
}

function wordsIn(text: string, address: number): Int32Array {
  const words = new Int32Array(FRAME_WORDS);
  const lines = text.trimEnd().split(/\r?\n/);
  for (const [row, line] of lines.entries()) {
    const [, at = "", dumped = ""] = DUMP_LINE.exec(line.trimEnd()) ?? [];
    if (row * 4 >= FRAME_WORDS || at === "" || parseInt(at, 16) !== address + row * 16) throw noFrame(address, line);
    dumped.trim().split(" ").forEach((word, i) => words[row * 4 + i] = Number(word));
  }
  if (lines.length * 4 !== FRAME_WORDS) throw noFrame(address, `${lines.length} lines`);
  return words;
}

function noFrame(address: number, found: string): QmpError {
  return new QmpError(`Expected the frame at 0x${address.toString(16)} but found "${found.slice(0, 60)}"`);
}

/**
 * Asks for the size of the guest's memory.
 *
 * @param qmp The connection.
 * @returns Bytes.
 * @throws {QmpError} If QEMU does not say.
 */
export async function readMemoryBytes(qmp: Qmp): Promise<number> {
  const summary = await qmp.execute("query-memory-size-summary");
  const sizes = isFields(summary) ? ["base-memory", "plugged-memory"].map((name) => sizeIn(summary, name)) : [NaN];
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes >= FRAME_BYTES && bytes % FRAME_BYTES === 0 && bytes < 2 ** 51) return bytes;
  throw new QmpError("Expected the size of the guest's memory but found none");
}

function sizeIn(summary: Fields, name: string): number {
  const size = summary[name] ?? 0;
  return typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? size : NaN;
}
