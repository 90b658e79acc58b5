/**
 * From what a recording says to its bytes; `decodeRecording` is the way back.
 *
 * @module
 */

import { MAX_NAME, RECORDED_MODES, RECORDING_FORMAT, REGISTERS, TAG } from "../../core/recording/format.ts";
import { END_REASONS, type Log, type Mark, type RecordedEvent, type Writer } from "../../core/recording/log.ts";
import type { Linear } from "../../mod.ts";

/** Bytes that grow. */
class Output {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = value;
  }

  number(value: number): void {
    for (; value >= 128; value = Math.floor(value / 128)) this.byte(value % 128 + 128);
    this.byte(value);
  }

  signed(value: number): void {
    this.number(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  linear({ hi, lo }: Linear): void {
    this.number(hi);
    this.number(lo);
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text).subarray(0, MAX_NAME);
    this.number(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    for (const byte of bytes) this.byte(byte);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

class Encoder {
  readonly #log: Log;
  readonly #output = new Output();
  readonly #numbers = new Map<Writer, number>();
  #now = 0;
  #writer = 0;
  #address = 0;
  #lo = 0;
  #hi = 0;

  constructor(log: Log) {
    this.#log = log;
    const [nobody] = log.writers;
    if (nobody !== undefined) this.#numbers.set(nobody, 0);
  }

  encode(): Uint8Array<ArrayBuffer> {
    const { header, stores, events, marks, end } = this.#log;
    this.#output.raw(new TextEncoder().encode(`${RECORDING_FORMAT}\n${JSON.stringify(header)}\n`));
    let next = 0;
    for (let i = 0; i <= stores.length; i++) {
      const now = i < stores.length ? stores.at[i] as number : Infinity;
      for (; next < events.length && (events[next] as RecordedEvent).stores < now; next++) {
        this.#event(events[next] as RecordedEvent);
      }
      if (i < stores.length) this.#store(i);
    }
    for (const mark of marks) this.#mark(mark);
    if (end !== undefined) {
      this.#output.byte(TAG.end);
      this.#output.byte(END_REASONS.findIndex((reason) => reason === end.reason));
      this.#time(end.stores);
    }
    return this.#output.bytes;
  }

  #store(i: number): void {
    const { at, address, writer, size, kind, lo, hi } = this.#log.stores;
    const bytes = size[i] as number;
    const number = this.#numberOf(this.#log.writers[writer[i] as number] as Writer);
    this.#output.byte(TAG.store + (kind[i] as number) * 4 + Math.log2(bytes));
    this.#time(at[i] as number);
    this.#knownWriter(number);
    this.#place(address[i] as number);
    this.#output.signed(((lo[i] as number) - this.#lo) | 0);
    this.#lo = lo[i] as number;
    if (bytes < 8) return;
    this.#output.signed(((hi[i] as number) - this.#hi) | 0);
    this.#hi = hi[i] as number;
  }

  #event(event: RecordedEvent): void {
    if ("frame" in event) {
      this.#begin(TAG[event.kind], event.level, RECORDED_MODES.indexOf(event.mode), event.stores);
      return this.#output.number(event.frame);
    }
    const number = this.#numberOf(event.writer);
    if (event.kind === "register") {
      this.#begin(TAG.register, event.cpu, REGISTERS.indexOf(event.register), event.stores);
    } else this.#begin(event.linear === undefined ? TAG.flushUnknown : TAG.flush, event.cpu, 0, event.stores);
    this.#knownWriter(number);
    this.#output.linear(event.kind === "register" ? event.value : event.linear ?? { hi: 0, lo: 0 });
  }

  #begin(tag: number, first: number, second: number, stores: number): void {
    for (const byte of [tag, first, second]) this.#output.byte(byte);
    this.#time(stores);
  }

  #mark({ address, size, value, byCpu }: Mark): void {
    this.#output.byte(byCpu ? TAG.marked : TAG.changed);
    this.#output.byte(size);
    this.#place(address);
    this.#output.linear(value);
  }

  #time(stores: number): void {
    this.#output.number(stores - this.#now);
    this.#now = stores;
  }

  #place(address: number): void {
    this.#output.signed(address - this.#address);
    this.#address = address;
  }

  #knownWriter(number: number): void {
    this.#output.signed(number - this.#writer);
    this.#writer = number;
  }

  /** Number of a writer; the first time it is named. */
  #numberOf(writer: Writer): number {
    const known = this.#numbers.get(writer);
    if (known !== undefined) return known;
    this.#output.byte(TAG.writer);
    this.#output.linear(writer.pc);
    this.#output.text(writer.name);
    this.#output.number(writer.offset);
    this.#numbers.set(writer, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/**
 * Encodes a recording.
 *
 * @param log What it says.
 * @returns Its bytes, not yet compressed.
 */
export function encodeRecording(log: Log): Uint8Array<ArrayBuffer> {
  return new Encoder(log).encode();
}
