/**
 * The log that the recorder writes while the guest runs: records of 32 bytes, in the order in which it learned things.
 *
 * @module
 */

import { RECORDED_MODES } from "../../core/recording/format.ts";
import {
  END_REASONS,
  type Log,
  type Mark,
  NOBODY,
  type RecordedEvent,
  type RecordedRegister,
  type RecordingHeader,
  Stores,
  type Writer,
} from "../../core/recording/log.ts";
import type { Linear } from "../../mod.ts";

/** Bytes of a record. */
export const RECORD_BYTES = 32;

/** Kinds of records, as `tools/record/plugin/recorder.h` numbers them. */
const KIND = {
  writer: 1,
  store: 2,
  earlier: 3,
  found: 4,
  register: 5,
  flush: 6,
  table: 7,
  released: 8,
  marked: 9,
  changed: 10,
  end: 11,
} as const;
const REGISTER_NAMES: { readonly [number: number]: RecordedRegister } = { 0: "cr0", 3: "cr3", 4: "cr4", 8: "efer" };
const UNKNOWN = 0xffff_ffff;

/** Names the writer at an address. */
export type NameWriter = (pc: Linear) => Pick<Writer, "name" | "offset">;

/** One record. */
interface Raw {
  readonly kind: number;
  readonly cpu: number;
  readonly size: number;
  readonly level: number;
  readonly writer: number;
  readonly stores: number;
  readonly address: Linear;
  readonly value: Linear;
}

function rawAt(view: DataView, at: number): Raw {
  const linear = (from: number): Linear => ({ hi: view.getUint32(from + 4, true), lo: view.getUint32(from, true) });
  return {
    kind: view.getUint8(at),
    cpu: view.getUint8(at + 1),
    size: view.getUint8(at + 2),
    level: view.getUint8(at + 3),
    writer: view.getUint32(at + 4, true),
    stores: numberOf(linear(at + 8)),
    address: linear(at + 16),
    value: linear(at + 24),
  };
}

function numberOf({ hi, lo }: Linear): number {
  return hi * 2 ** 32 + lo;
}

/** Collects records and puts them into order. */
class Collector {
  readonly writers: Writer[] = [NOBODY];
  readonly stores = new Stores();
  readonly events: RecordedEvent[] = [];
  readonly marks: Mark[] = [];
  end: Log["end"];
  readonly #name: NameWriter;
  readonly #numbers = new Map<number, number>();

  constructor(name: NameWriter) {
    this.#name = name;
  }

  take(raw: Raw): void {
    const { kind, writer, stores, address, value, size } = raw;
    if (kind === KIND.writer) this.#numbers.set(writer, this.writers.push({ pc: address, ...this.#name(address) }) - 1);
    else if (kind >= KIND.store && kind <= KIND.found) {
      this.stores.add(
        stores,
        numberOf(address),
        this.#numberOf(writer),
        size,
        kind - KIND.store,
        value.lo | 0,
        value.hi | 0,
      );
    } else if (kind === KIND.marked || kind === KIND.changed) {
      this.marks.push({ address: numberOf(address), size, value, byCpu: kind === KIND.marked });
    } else if (kind === KIND.end) {
      this.end = { reason: END_REASONS[value.lo - 1] ?? END_REASONS[0], stores };
    } else this.#event(raw);
  }

  #event({ kind, cpu, level, writer, stores, address, value }: Raw): void {
    const who = this.writers[this.#numberOf(writer)] ?? NOBODY;
    const mode = RECORDED_MODES[value.lo];
    const register = REGISTER_NAMES[address.lo];
    if (kind === KIND.flush) {
      const linear = address.hi === UNKNOWN && address.lo === UNKNOWN ? undefined : address;
      this.events.push({ kind: "flush", stores, cpu, linear, writer: who });
    } else if (kind === KIND.register && register !== undefined) {
      this.events.push({ kind: "register", stores, cpu, register, value, writer: who });
    } else if (mode !== undefined) {
      this.events.push({
        kind: kind === KIND.table ? "table" : "released",
        stores,
        frame: numberOf(address),
        level,
        mode,
      });
    }
  }

  #numberOf(writer: number): number {
    return this.#numbers.get(writer) ?? 0;
  }
}

/** Stores by their number: those found when a frame became a table happened before. */
function sorted(stores: Stores): Stores {
  const order = Uint32Array.from({ length: stores.length }, (_, i) => i);
  const { at } = stores;
  order.sort((a, b) => (at[a] as number) - (at[b] as number) || a - b);
  const result = new Stores();
  for (const i of order) {
    const { address, writer, size, kind, lo, hi } = stores;
    result.add(
      at[i] as number,
      address[i] as number,
      writer[i] as number,
      size[i] as number,
      kind[i] as number,
      lo[i] as number,
      hi[i] as number,
    );
  }
  return result;
}

/**
 * Reads a log, whole or cut.
 *
 * @param chunks The file, in pieces of any length.
 * @param header What it is of.
 * @param name Names the writers.
 * @returns What it says, in the order in which it happened.
 */
export async function readRawLog(
  chunks: AsyncIterable<Uint8Array>,
  header: RecordingHeader,
  name: NameWriter,
): Promise<Log> {
  const collector = new Collector(name);
  let rest = new Uint8Array(0);
  for await (const chunk of chunks) {
    const all = new Uint8Array(rest.length + chunk.length);
    all.set(rest);
    all.set(chunk, rest.length);
    const view = new DataView(all.buffer);
    let at = 0;
    for (; at + RECORD_BYTES <= all.length; at += RECORD_BYTES) collector.take(rawAt(view, at));
    rest = all.slice(at);
  }
  const { writers, stores, events, marks, end } = collector;
  return { header, writers, stores: sorted(stores), events, marks, hasFlushes: true, end };
}
