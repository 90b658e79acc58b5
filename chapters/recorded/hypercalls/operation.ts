/**
 * Recorded hypercalls and stores: one JSON object a line, an operation with Xen's answer.
 *
 * @module
 */

import { UnreadableFile } from "../files/read_bounded.ts";

/** A 64-bit word as two signed 32-bit ones. */
export interface Words {
  /** Bits 31..0. */
  readonly lo: number;
  /** Bits 63..32. */
  readonly hi: number;
}

/** Kind of the operation. */
export type OperationKind = typeof KINDS[number];

/** One line. */
export interface RecordedLine {
  /** Line number in the file, from 1. */
  readonly number: number;
  /** Kind of the operation. */
  readonly op: OperationKind;
  /** Name of the frame or page that the operation is about; empty if `va` gives it. */
  readonly target: string;
  /** Index of an entry. */
  readonly index: number;
  /** Level of a pin. */
  readonly level: number;
  /** Command of mmu_update. */
  readonly command: number;
  /** Name of the frame in the entry. */
  readonly frame: string;
  /** Flags of the entry. */
  readonly flags: Words;
  /** Linear address, where one is given. */
  readonly va: Words | undefined;
  /** The answer. */
  readonly answer: RecordedAnswer;
}

/** The answer to an operation. A field that is undefined was not recorded. */
export interface RecordedAnswer {
  /** 0 or a negative error number. */
  readonly rc: number | undefined;
  /** Null, or the fault as text. */
  readonly fault: string | null | undefined;
  /** Flags of the entry that maps the page named; null where none does. */
  readonly pteFlags: string | null | undefined;
  /** The entry aimed at, afterwards. */
  readonly entry: string | undefined;
  /** Xen's messages. */
  readonly log: readonly string[] | undefined;
  /** Whether the operation was not tried. */
  readonly skipped: boolean;
}

const KINDS = [
  "mmu_update",
  "update_va_mapping",
  "pin",
  "unpin",
  "new_baseptr",
  "clear_page",
  "set_gdt",
  "tlb_flush",
  "invlpg",
  "store32",
  "store64",
  "load64",
] as const;
const FRAME = /^(?:page\d{1,5}|L[1-4]|home|shared-info|foreign|beyond-ram|none)$/;
const HEX = /^0x[0-9a-f]{1,16}$/;
const MAX_LINES = 200_000;

/**
 * Reads a file of recorded operations.
 *
 * @param path The file's name, for messages.
 * @param bytes Its contents, unpacked.
 * @returns The lines.
 * @throws {UnreadableFile} If it is not text, or a line is no operation with an answer.
 */
export function parseRecording(path: string, bytes: Uint8Array): RecordedLine[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile(path, "not text");
  }
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  if (lines.length === 0) throw new UnreadableFile(path, "no operation in it");
  if (lines.length > MAX_LINES) throw new UnreadableFile(path, `more than ${MAX_LINES} lines`);
  return lines.map((line, i) => {
    const reader = new LineReader(path, i + 1, line);
    return reader.read();
  });
}

/** Reads the fields of one line, and says what is wrong with them. */
class LineReader {
  readonly #path: string;
  readonly #number: number;
  readonly #fields: { readonly [name: string]: unknown };

  constructor(path: string, number: number, line: string) {
    this.#path = path;
    this.#number = number;
    this.#fields = this.#object(line);
  }

  read(): RecordedLine {
    const op = KINDS.find((kind) => kind === this.#fields.op);
    if (op === undefined) throw this.#wrong("op", `one of ${KINDS.join(", ")}`);
    const target = this.#text("table", FRAME) ?? this.#text("page", FRAME) ?? "";
    const va = this.#text("va", HEX);
    if (target === "" && va === undefined && op !== "tlb_flush") throw this.#wrong("page", "the name of a frame");
    return {
      number: this.#number,
      op,
      target,
      index: this.#integer("index", 0, 511) ?? 0,
      level: op === "pin" ? this.#integer("level", 1, 4) ?? this.#missing("level") : 0,
      command: this.#integer("command", 0, 7) ?? 0,
      frame: this.#text("frame", FRAME) ?? "none",
      flags: words(this.#text("flags", HEX) ?? "0x0"),
      va: va === undefined ? undefined : words(va),
      answer: this.#answer(),
    };
  }

  #answer(): RecordedAnswer {
    const rc = this.#integer("rc", -4095, 0);
    const fault = this.#textOrNull("fault", /^(?:#\d{1,3} )?0x[0-9a-f]{1,4}$/);
    const skipped = this.#fields.skipped === true;
    if (rc === undefined && fault === undefined && !skipped) throw this.#wrong("rc", "an answer");
    return {
      rc,
      fault,
      pteFlags: this.#textOrNull("pte_flags", HEX),
      entry: this.#text("entry", /^[\w-]{1,16}\|0x[0-9a-f]{1,16}$/),
      log: this.#log(),
      skipped,
    };
  }

  #log(): readonly string[] | undefined {
    const { log } = this.#fields;
    if (log === undefined) return undefined;
    if (!Array.isArray(log) || !log.every((line) => typeof line === "string")) {
      throw this.#wrong("log", "lines of text");
    }
    return log;
  }

  #object(line: string): { readonly [name: string]: unknown } {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new UnreadableFile(this.#path, `line ${this.#number} is not JSON`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new UnreadableFile(this.#path, `line ${this.#number} is no object`);
    }
    return { ...value };
  }

  #text(name: string, form: RegExp): string | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== "string" || !form.test(value)) throw this.#wrong(name, `text like ${form.source}`);
    return value;
  }

  #textOrNull(name: string, form: RegExp): string | null | undefined {
    return this.#fields[name] === null ? null : this.#text(name, form);
  }

  #integer(name: string, min: number, max: number): number | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      throw this.#wrong(name, `${min} to ${max}`);
    }
    return value;
  }

  #missing(name: string): never {
    throw this.#wrong(name, "a value");
  }

  #wrong(name: string, expected: string): UnreadableFile {
    const found = (JSON.stringify(this.#fields[name]) ?? "nothing").slice(0, 60);
    return new UnreadableFile(
      this.#path,
      `line ${this.#number}: expected ${name} to be ${expected} but found ${found}`,
    );
  }
}

/**
 * The two words of a hexadecimal number of at most 64 bits.
 *
 * @param text For example `0x8000000000000063`.
 * @returns Signed words.
 */
export function words(text: string): Words {
  const value = BigInt(text);
  return { lo: Number(BigInt.asIntN(32, value)), hi: Number(BigInt.asIntN(32, value >> 32n)) };
}

/**
 * A 64-bit number in hexadecimal.
 *
 * @param lo Low word.
 * @param hi High word.
 * @returns For example `0x8000000000000063`.
 */
export function hex64(hi: number, lo: number): string {
  return `0x${((BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0)).toString(16)}`;
}
