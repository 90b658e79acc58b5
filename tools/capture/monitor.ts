/**
 * What QEMU's monitor prints, read back: registers, memory, size of the memory.
 *
 * @module
 */

import { type Fields, isFields, type Qmp, QmpError } from "./qmp.ts";

const FRAME_BYTES = 4096;
const FRAME_WORDS = 1024;
/** Words of a frame's dump, four a line: address, colon, words. */
const DUMP_LINE = /^([0-9a-f]{8,16}):((?: 0x[0-9a-f]{8}){4})$/;
/** CR3 bits 61 and 62 change which addresses are canonical (linear address masking), not where the tables are. */
const CR3_LAM = 3n << 61n;
const EFLAGS_AC = 0x4_0000;

/** The registers that decide how a CPU walks its page tables. */
export interface PagingRegisters {
  /** CR0. */
  readonly cr0: number;
  /** CR2: up to 64 bits. */
  readonly cr2: bigint;
  /** CR3, below 2^52. */
  readonly cr3: number;
  /** CR4. */
  readonly cr4: number;
  /** EFER. */
  readonly efer: number;
  /** The instruction pointer: up to 64 bits. */
  readonly ip: bigint;
  /** Current privilege level, 0 to 3. */
  readonly cpl: number;
  /** EFLAGS.AC; null if it is not told. */
  readonly ac: boolean | null;
}

/**
 * Reads the registers of a CPU.
 *
 * @param qmp The connection.
 * @param cpu Index of the CPU.
 * @returns Its registers.
 * @throws {QmpError} If QEMU prints none, or they do not make sense.
 */
export async function readRegisters(qmp: Qmp, cpu: number): Promise<PagingRegisters> {
  return registersIn(await qmp.monitor("info registers", cpu));
}

/**
 * The registers in what `info registers` prints.
 *
 * @param text All of it.
 * @returns The registers.
 * @throws {QmpError} If one is missing or absurd.
 */
export function registersIn(text: string): PagingRegisters {
  return {
    cr0: small(text, "CR0", 32),
    cr2: register(text, "CR2"),
    cr3: Number(below(register(text, "CR3") & ~CR3_LAM, "CR3", 52)),
    cr4: small(text, "CR4", 32),
    efer: small(text, "EFER", 32),
    ip: register(text, "[ER]IP"),
    cpl: small(text, "CPL", 2),
    ac: flagIn(text),
  };
}

function register(text: string, name: string): bigint {
  const [, digits] = new RegExp(`\\b${name}=([0-9a-f]{1,16})\\b`).exec(text) ?? [];
  if (digits === undefined) {
    throw new QmpError(`Expected ${name} among the registers but found none; is the guest an x86?`);
  }
  return BigInt(`0x${digits}`);
}

/** EFLAGS.AC. QEMU calls the register EFL, or RFL where it has 64 bits. */
function flagIn(text: string): boolean | null {
  const [, digits] = /\b[ER]FL=([0-9a-f]{1,16})\b/.exec(text) ?? [];
  return digits === undefined ? null : (parseInt(digits.slice(-8), 16) & EFLAGS_AC) !== 0;
}

function small(text: string, name: string, bits: number): number {
  return Number(below(register(text, name), name, bits));
}

function below(value: bigint, name: string, bits: number): bigint {
  if (value < 1n << BigInt(bits)) return value;
  throw new QmpError(`Expected ${name} below 2^${bits} but found 0x${value.toString(16)}`);
}

/**
 * Copies a frame of physical memory. The monitor prints it; QEMU writes no file.
 *
 * @param qmp The connection.
 * @param frame Frame number.
 * @returns Its 1024 words.
 * @throws {QmpError} If there is no memory, or QEMU prints something else.
 */
export async function readFrame(qmp: Qmp, frame: number): Promise<Int32Array> {
  const address = frame * FRAME_BYTES;
  return wordsIn(await qmp.monitor(`xp /${FRAME_WORDS}xw 0x${address.toString(16)}`), address);
}

/**
 * The words in what `xp /1024xw` prints.
 *
 * @param text All of it.
 * @param address The physical address that was asked for.
 * @returns 1024 words.
 * @throws {QmpError} If the text has anything but these.
 */
export function wordsIn(text: string, address: number): Int32Array {
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
