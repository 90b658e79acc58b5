/**
 * Decodes the bytes of a recording. They come from an untrusted file.
 *
 * @module
 */

import type { Linear } from "../mmu/mod.ts";
import { MAX_NAME, MAX_STORES, RECORDED_MODES, RECORDING_FORMAT, REGISTERS, TAG } from "./format.ts";
import {
  END_REASONS,
  type Log,
  type Mark,
  NOBODY,
  type RecordedEvent,
  type RecordingHeader,
  STORE_KINDS,
  Stores,
  type Writer,
} from "./log.ts";
import { parseRecordingHeader } from "./header.ts";

const MAX_EVENTS = 2 ** 22;
const EVENT_TAGS: readonly number[] = [TAG.register, TAG.flush, TAG.flushUnknown, TAG.table, TAG.released];
const SIZES = 4; // of a store: 1, 2, 4 and 8 bytes

/** The bytes end inside an operation: the recording was cut short there. */
class CutShort extends Error {}

function wrong(expected: string, found: string | number): RangeError {
  return new RangeError(`Expected ${expected} in the recording but found ${found}`);
}

/** Reads the parts of operations: bytes and numbers. */
class Bytes {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    if (this.done) throw new CutShort();
    return this.#bytes[this.at++] ?? 0;
  }

  /** A number below 2^53 in groups of seven bits, the lowest first. */
  number(): number {
    let value = 0;
    for (let unit = 1;; unit *= 128) {
      const byte = this.byte();
      value += (byte & 127) * unit;
      if (value > Number.MAX_SAFE_INTEGER) throw wrong("a number below 2^53", "a larger one");
      if (byte < 128) return value;
    }
  }

  /** A number that may be negative: twice itself, or minus twice itself minus 1. */
  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  linear(): Linear {
    const [hi, lo] = [this.number(), this.number()];
    if (hi > 0xffff_ffff || lo > 0xffff_ffff) throw wrong("words of 32 bits", Math.max(hi, lo));
    return { hi, lo };
  }

  text(): string {
    const length = this.number();
    if (length > MAX_NAME) throw wrong(`a name of at most ${MAX_NAME} bytes`, length);
    if (this.at + length > this.#bytes.length) throw new CutShort();
    this.at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - length, this.at));
  }
}

/** Decodes operations one by one. Numbers are relative to earlier operations, so the decoder keeps the last values. */
class Decoder {
  readonly writers: Writer[] = [NOBODY];
  readonly stores = new Stores();
  readonly events: RecordedEvent[] = [];
  readonly marks: Mark[] = [];
  end: Log["end"];
  readonly #bytes: Bytes;
  readonly #ramBytes: number;
  #now = 0;
  #writer = 0;
  #address = 0;
  #lo = 0;
  #hi = 0;

  constructor(bytes: Bytes, { ramBytes }: RecordingHeader) {
    this.#bytes = bytes;
    this.#ramBytes = ramBytes;
  }

  operation(): void {
    const tag = this.#bytes.byte();
    if (this.end !== undefined) throw wrong("nothing behind its end", `an operation ${tag}`);
    if ((tag & ~0xf) === TAG.store) return this.#store(tag & 0xf);
    if (tag === TAG.writer) return this.#newWriter();
    if (tag === TAG.marked || tag === TAG.changed) return this.#mark(tag === TAG.marked);
    if (tag === TAG.end) return this.#end();
    if (!EVENT_TAGS.includes(tag)) throw wrong("an operation", tag);
    if (this.events.length === MAX_EVENTS) throw wrong(`at most ${MAX_EVENTS} events`, "more");
    this.events.push(this.#event(tag));
  }

  #store(code: number): void {
    const kind = code >> 2;
    if (kind >= STORE_KINDS.length) throw wrong("a store", `an operation ${TAG.store + code}`);
    if (this.stores.length === MAX_STORES) throw wrong(`at most ${MAX_STORES} stores`, "more");
    const size = 2 ** (code % SIZES);
    const stores = this.#time();
    const writer = this.#knownWriter();
    const address = this.#place(size);
    const lo = (this.#lo + this.#bytes.signed()) | 0;
    const hi = size === 8 ? (this.#hi + this.#bytes.signed()) | 0 : 0;
    this.#lo = lo;
    if (size === 8) this.#hi = hi;
    this.stores.add(stores, address, writer, size, kind, lo, hi);
  }

  #time(): number {
    this.#now += this.#bytes.number();
    if (!Number.isSafeInteger(this.#now)) throw wrong("less than 2^53 stores", this.#now);
    return this.#now;
  }

  #knownWriter(): number {
    this.#writer += this.#bytes.signed();
    if (this.#writer < 0 || this.#writer >= this.writers.length) {
      throw wrong("a writer that it has named", this.#writer);
    }
    return this.#writer;
  }

  #place(size: number): number {
    this.#address += this.#bytes.signed();
    const inside = this.#address >= 0 && this.#address + size <= this.#ramBytes;
    if (!inside || this.#address % 4096 + size > 4096) throw wrong("an address in memory", this.#address);
    return this.#address;
  }

  #newWriter(): void {
    const pc = this.#bytes.linear();
    const name = this.#bytes.text();
    this.writers.push({ pc, name, offset: this.#bytes.number() });
  }

  #mark(byCpu: boolean): void {
    const size = this.#bytes.byte();
    if (size !== 4 && size !== 8) throw wrong("an entry of 4 or 8 bytes", size);
    const address = this.#place(size);
    if (address % size !== 0) throw wrong("the address of an entry", address);
    this.marks.push({ address, size, value: this.#bytes.linear(), byCpu });
  }

  #end(): void {
    const reason = END_REASONS[this.#bytes.byte()];
    if (reason === undefined) throw wrong("a reason of its end", "another");
    this.end = { reason, stores: this.#time() };
  }

  #event(tag: number): RecordedEvent {
    const [first, second] = [this.#bytes.byte(), this.#bytes.byte()];
    const stores = this.#time();
    if (tag === TAG.table || tag === TAG.released) {
      const mode = RECORDED_MODES[second];
      const frame = this.#bytes.number();
      if (mode === undefined || first < 1 || first > 5) {
        throw wrong("a level of a paging mode", `${first} of ${second}`);
      }
      if (frame >= this.#ramBytes / 4096) throw wrong("a table in memory", frame);
      return { kind: tag === TAG.table ? "table" : "released", stores, frame, level: first, mode };
    }
    const writer = this.writers[this.#knownWriter()] as Writer;
    const value = this.#bytes.linear();
    const register = REGISTERS[second];
    if (tag === TAG.register && register !== undefined) {
      return { kind: "register", stores, cpu: first, register, value, writer };
    }
    if (tag === TAG.register) throw wrong("a register that paging reads", second);
    return { kind: "flush", stores, cpu: first, linear: tag === TAG.flush ? value : undefined, writer };
  }
}

/** Where the operations begin: behind two lines. */
function splitLines(bytes: Uint8Array): { readonly first: string; readonly second: string; readonly rest: Uint8Array } {
  const end = bytes.indexOf(10);
  const second = end < 0 ? -1 : bytes.indexOf(10, end + 1);
  if (second < 0) throw wrong(`the line ${RECORDING_FORMAT} and a header`, "neither");
  const text = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  return { first: text(0, end), second: text(end + 1, second), rest: bytes.subarray(second + 1) };
}

/**
 * Decodes a recording.
 *
 * @param bytes Its bytes, unpacked.
 * @returns The log, up to the last complete operation.
 * @throws {RangeError} With a message of one line, if the bytes are not a recording or contradict themselves.
 */
export function decodeRecording(bytes: Uint8Array): Log {
  const { first, second, rest } = splitLines(bytes);
  if (first !== RECORDING_FORMAT) throw wrong(`the line ${RECORDING_FORMAT}`, "another");
  const header = parseRecordingHeader(second);
  const reader = new Bytes(rest);
  const decoder = new Decoder(reader, header);
  try {
    while (!reader.done) decoder.operation();
  } catch (error) {
    if (!(error instanceof CutShort)) throw error;
  }
  const { writers, stores, events, marks, end } = decoder;
  return { header, writers, stores, events, marks, hasFlushes: true, end };
}
