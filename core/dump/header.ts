/**
 * The header of a saved state, parsed from untrusted text with a check of every field.
 *
 * @module
 */

import { show } from "../check.ts";
import { CPU_FLAGS } from "../mmu/cpus.ts";
import { type Cpu, CPUS, type Linear, MEMORY_TYPES, type Mode, MODES, type Unknown } from "../mmu/mod.ts";
import { Fields, hexNumber } from "./fields.ts";

/**
 * The name of the format.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { parseStateHeader, STATE_FORMAT } from "@pagetable-init/textbook/dump";
 *
 * assertThrows(() => parseStateHeader('{ "format": "tar" }'), RangeError, STATE_FORMAT);
 * ```
 */
export const STATE_FORMAT = "page-table-state";
/**
 * The version of the format that is written. Version 1, which had no version and the name `mmu-fixture-1`, is read too.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { parseStateHeader, STATE_VERSION } from "@pagetable-init/textbook/dump";
 *
 * const next = JSON.stringify({ format: "page-table-state", version: STATE_VERSION + 1 });
 * assertThrows(() => parseStateHeader(next), RangeError, "Expected version to be 2 but found 3");
 * ```
 */
export const STATE_VERSION = 2;
/** The name of version 1. */
const FIRST_FORMAT = "mmu-fixture-1";
/**
 * Maximum frames of a state: 256 MiB of page tables.
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
/** Number of frames that 52 address bits reach. */
const FRAMES = 2 ** 40;

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
  /** CR3, below 2^52: bit 63, which asks for no flush, is not kept. */
  readonly cr3: number;
  /** CR4. */
  readonly cr4: number;
  /** EFER. */
  readonly efer: number;
  /** PKRU; undefined if it is not known. */
  readonly pkru: number | undefined;
  /** EFLAGS.AC; undefined if it is not known. */
  readonly ac: boolean | undefined;
  /** The page attribute table, entry 0 first; undefined if it is not known. */
  readonly pat: readonly number[] | undefined;
}

/** A saved state without its frames. */
export interface StateHeader {
  /** One line for people: the system that ran. */
  readonly description: string;
  /** The paging mode. */
  readonly mode: Mode;
  /** Version of the format. */
  readonly version: 1 | 2;
  /** The CPU that walks the tables: `today` where it is not known. */
  readonly cpu: Cpu;
  /** Facts about the machine that the header does not record. */
  readonly unknown: readonly Unknown[];
  /** Size of the machine's memory in bytes; the frames of a state are only its page tables. */
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
 * @returns The header. `loadState` checks that the frames agree with it.
 * @throws {RangeError} With a message of one line, if the text is not JSON, or a field is missing, malformed or out of range.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { parseStateHeader } from "@pagetable-init/textbook/dump";
 *
 * assertThrows(() => parseStateHeader(`{"format":"tar"}`), RangeError, `Expected format to be "page-table-state"`);
 * ```
 */
export function parseStateHeader(json: string): StateHeader {
  const fields = Fields.parse(json);
  const version = versionIn(fields);
  fields.integer("frameSize", 4096, 4096);
  const ramBytes = fields.integer("ramBytes", 4096, 2 ** 52);
  if (ramBytes % 4096 !== 0) throw new RangeError(`Expected ramBytes to be a multiple of 4096 but found ${ramBytes}`);
  const registers = registersIn(fields.object("registers"));
  return {
    version,
    description: fields.text("description", "text", () => true),
    mode: oneOf(fields, "mode", MODE_NAMES),
    cpu: cpuIn(fields),
    unknown: unknownIn(fields, registers),
    ramBytes,
    registers,
    frames: framesIn(fields, FRAMES),
    frameData: fields.text("frameData", "the name of a file in the same folder", isPlainName),
    frameDataSha256: fields.text("frameDataSha256", "64 hexadecimal digits", isSha256).toLowerCase(),
    leafCount: fields.integer("leafCount", 0, 2 ** 32),
  };
}

function versionIn(fields: Fields): 1 | 2 {
  const isKnown = (format: string) => format === STATE_FORMAT || format === FIRST_FORMAT;
  if (fields.text("format", `"${STATE_FORMAT}"`, isKnown) === FIRST_FORMAT) return 1;
  fields.integer("version", STATE_VERSION, STATE_VERSION);
  return STATE_VERSION;
}

function unknownIn(fields: Fields, { pkru, ac, pat }: StateRegisters): Unknown[] {
  const known = { pkru: pkru !== undefined, ac: ac !== undefined, pat: pat !== undefined, cpu: fields.isKnown("cpu") };
  return (Object.keys(known) as (keyof typeof known)[]).filter((name) => !known[name]);
}

function oneOf<T>(fields: Fields, name: string, known: { readonly [id: string]: T }): T {
  const id = fields.text(name, `one of ${Object.keys(known).join(", ")}`, (id) => Object.hasOwn(known, id));
  return known[id] as T;
}

/** The CPU of the header: the id of a profile, or all fields of a caller's own CPU. */
function cpuIn(fields: Fields): Cpu {
  if (!fields.isKnown("cpu")) return CPUS.today;
  if (!fields.hasObject("cpu")) return oneOf<Cpu>(fields, "cpu", CPUS);
  const cpu = fields.object("cpu");
  const flags = Object.fromEntries(CPU_FLAGS.map((name) => [name, cpu.flag(name)]));
  return Object.freeze({
    id: cpu.text("id", "text", (id) => id !== ""),
    name: cpu.text("name", "text", () => true),
    physicalBits: cpu.integer("physicalBits", 32, 52),
    ...flags as Pick<Cpu, typeof CPU_FLAGS[number]>,
    ...(cpu.has("pcid") ? { pcid: cpu.flag("pcid") } : {}),
  });
}

function registersIn(registers: Fields): StateRegisters {
  return {
    cr0: registers.hex("cr0", 2 ** 32),
    cr2: registers.linear("cr2"),
    cr3: cr3In(registers),
    cr4: registers.hex("cr4", 2 ** 32),
    efer: registers.hex("efer", 2 ** 32),
    pkru: registers.isKnown("pkru") ? registers.hex("pkru", 2 ** 32) : undefined,
    ac: registers.isKnown("ac") ? registers.flag("ac") : undefined,
    pat: registers.isKnown("pat") ? patIn(registers) : undefined,
  };
}

/** A hypervisor may show CR3 with bit 63, by which the instruction asks for no flush. The bit is no part of the register, so it is dropped. */
function cr3In(registers: Fields): number {
  const { hi, lo } = registers.linear("cr3");
  const upper = hi & 0x7fff_ffff;
  if (upper < 0x10_0000) return upper * 2 ** 32 + lo;
  throw new RangeError(
    `Expected registers.cr3 to be hexadecimal text below 0x10000000000000 but found 0x${hi.toString(16)}${
      lo.toString(16).padStart(8, "0")
    }`,
  );
}

/** The eight encodings in the value of the MSR, 0x277: entry 0 is the lowest byte. */
function patIn(registers: Fields): readonly number[] {
  const { hi, lo } = registers.linear("pat");
  const bytes = [lo, hi].flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff));
  const reserved = bytes.find((encoding) => MEMORY_TYPES[encoding] === undefined);
  if (reserved === undefined) return Object.freeze(bytes);
  throw new RangeError(`Expected registers.pat to be eight memory types but found the encoding ${reserved}`);
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
 * Whether a text is a plain file name. A header must not make a program read a file in another folder.
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
