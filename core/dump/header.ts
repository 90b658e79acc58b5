/**
 * The header of a saved state: what the text says, checked before anything is believed.
 *
 * @module
 */

import { show } from "../check.ts";
import { CPU_FLAGS } from "../mmu/cpus.ts";
import { type Cpu, CPUS, type Linear, type Mode, MODES } from "../mmu/mod.ts";
import { Fields, hexNumber } from "./fields.ts";

/**
 * The name of the format.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { parseStateHeader, STATE_FORMAT } from "@pagetable-init/textbook/dump";
 *
 * assertThrows(() => parseStateHeader('{ "format": "mmu-fixture-9" }'), RangeError, STATE_FORMAT);
 * ```
 */
export const STATE_FORMAT = "mmu-fixture-1";
/**
 * Frames that a state may have: 256 MiB of page tables.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MAX_STATE_FRAMES } from "@pagetable-init/textbook/dump";
 *
 * assertEquals(MAX_STATE_FRAMES * 4096, 256 * 2 ** 20);
 * ```
 */
export const MAX_STATE_FRAMES: number = 2 ** 16;
/** Physical memory has holes below 4 GiB, so that frames may lie this much beyond its size. */
export const HOLE_BYTES: number = 2 ** 32;

/** The format's names of the paging modes. */
export const MODE_NAMES: { readonly [name: string]: Mode } = Object.freeze({
  "2-level": MODES["two-level"],
  "PAE": MODES.pae,
  "4-level": MODES["4-level"],
  "5-level": MODES["5-level"],
});

/** The registers of a saved machine. */
export interface StateRegisters {
  /** CR0. */
  readonly cr0: number;
  /** CR2. */
  readonly cr2: Linear;
  /** CR3, below 2^52. */
  readonly cr3: number;
  /** CR4. */
  readonly cr4: number;
  /** EFER. */
  readonly efer: number;
}

/** A saved state without its frames. */
export interface StateHeader {
  /** What ran. */
  readonly description: string;
  /** The paging mode. */
  readonly mode: Mode;
  /** The CPU that walks the tables: `today` where the header names none. */
  readonly cpu: Cpu;
  /** Size of the machine's memory. */
  readonly ramBytes: number;
  /** The registers. */
  readonly registers: StateRegisters;
  /** Frame numbers of the page tables, ascending. */
  readonly frames: readonly number[];
  /** Name of the file that holds them, beside the header. */
  readonly frameData: string;
  /** SHA-256 of the frames in hexadecimal. */
  readonly frameDataSha256: string;
  /** Number of leaves. */
  readonly leafCount: number;
}

/**
 * Reads the header of a state.
 *
 * @param json Its text.
 * @returns The header. Whether the frames agree with it is for `loadState` to find out.
 * @throws {RangeError} In one line, if the text is not JSON or a field is missing, malformed or absurd.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { parseStateHeader } from "@pagetable-init/textbook/dump";
 *
 * assertThrows(() => parseStateHeader(`{"format":"tar"}`), RangeError, `Expected format to be "mmu-fixture-1"`);
 * ```
 */
export function parseStateHeader(json: string): StateHeader {
  const fields = Fields.parse(json);
  fields.text("format", `"${STATE_FORMAT}"`, (format) => format === STATE_FORMAT);
  fields.integer("frameSize", 4096, 4096);
  const ramBytes = fields.integer("ramBytes", 4096, 2 ** 52 - HOLE_BYTES);
  if (ramBytes % 4096 !== 0) throw new RangeError(`Expected ramBytes to be a multiple of 4096 but found ${ramBytes}`);
  return {
    description: fields.text("description", "text", () => true),
    mode: oneOf(fields, "mode", MODE_NAMES),
    cpu: cpuIn(fields),
    ramBytes,
    registers: registersIn(fields.object("registers")),
    frames: framesIn(fields, (ramBytes + HOLE_BYTES) / 4096),
    frameData: fields.text("frameData", "the name of a file in the same folder", isPlainName),
    frameDataSha256: fields.text("frameDataSha256", "64 hexadecimal digits", isSha256).toLowerCase(),
    leafCount: fields.integer("leafCount", 0, 2 ** 32),
  };
}

function oneOf<T>(fields: Fields, name: string, known: { readonly [id: string]: T }): T {
  const id = fields.text(name, `one of ${Object.keys(known).join(", ")}`, (id) => Object.hasOwn(known, id));
  return known[id] as T;
}

/** The CPU that the header names, or describes: a state of a CPU of one's own has all of it. */
function cpuIn(fields: Fields): Cpu {
  if (!fields.has("cpu")) return CPUS.today;
  if (!fields.hasObject("cpu")) return oneOf<Cpu>(fields, "cpu", CPUS);
  const cpu = fields.object("cpu");
  const flags = Object.fromEntries(CPU_FLAGS.map((name) => [name, cpu.flag(name)]));
  return Object.freeze({
    id: cpu.text("id", "text", (id) => id !== ""),
    name: cpu.text("name", "text", () => true),
    physicalBits: cpu.integer("physicalBits", 32, 52),
    ...flags as Pick<Cpu, typeof CPU_FLAGS[number]>,
  });
}

function registersIn(registers: Fields): StateRegisters {
  return {
    cr0: registers.hex("cr0", 2 ** 32),
    cr2: registers.linear("cr2"),
    cr3: registers.hex("cr3", 2 ** 52),
    cr4: registers.hex("cr4", 2 ** 32),
    efer: registers.hex("efer", 2 ** 32),
  };
}

function framesIn(fields: Fields, limit: number): number[] {
  const frames: number[] = [];
  for (const value of fields.list("frames", 1, MAX_STATE_FRAMES)) {
    const frame = hexNumber(value);
    const previous = frames[frames.length - 1] ?? -1;
    if (!(frame < limit)) {
      throw new RangeError(`Expected frame numbers below 0x${limit.toString(16)}, as text, but found ${show(value)}`);
    }
    if (frame <= previous) {
      const order = `${show(value)} after 0x${previous.toString(16)}`;
      throw new RangeError(`Expected frames in ascending order, each once, but found ${order}`);
    }
    frames.push(frame);
  }
  return frames;
}

/**
 * Whether a text is the plain name of a file. A header must not make anyone read a file elsewhere.
 *
 * @param name The text.
 * @returns False for paths, hidden files, and anything over 255 characters.
 */
export function isPlainName(name: string): boolean {
  return /^[\w-][\w.-]{0,254}$/.test(name);
}

function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}
