/**
 * A recording: every store to a page table of a guest, and the machine after each of them.
 *
 * @module
 */

import { checkArguments, integer, list, shape, text } from "../check.ts";
import {
  CPUS,
  CR0_PG,
  CR4_PAE,
  EFER_LME,
  type Level,
  type Linear,
  Machine,
  type Mode,
  type PhysicalMemory,
} from "../mmu/mod.ts";
import type { Write } from "../trace/mod.ts";
import {
  type Log,
  NOBODY,
  type RecordedEvent,
  type RecordedRegister,
  STORE_KINDS,
  type StoreKind,
  type Writer,
} from "./log.ts";
import { Replay } from "./replay.ts";
import { Roles } from "./roles.ts";

/** RW, US, A, D, PS and G. */
const PDPTE_RESERVED = 0x1e6;

/** A store to a page table, in the shape of a boot's trace. The entry is the one that the store begins in. */
export interface RecordedWrite extends Write {
  /** The instruction that stored. `op` is only its symbol. */
  readonly writer: Writer;
  /** Bytes stored: 1, 2, 4 or 8. */
  readonly bytes: number;
  /** Byte offset of the store in its frame, 0 to 4095. */
  readonly offset: number;
  /** The level of the table; undefined for a frame that never was one. */
  readonly level: Level | undefined;
  /** Number of the store among all of the guest's. */
  readonly store: number;
  /** How it is known: seen, found with its writer when the frame became a table (`earlier`), or contents that no store made (`found`). */
  readonly known: StoreKind;
}

/** The writes of a recording, as a boot's trace has its own. */
export interface RecordedTrace extends Iterable<RecordedWrite> {
  /** Number of writes. */
  readonly length: number;
  /** One write, from 1. */
  at(step: number): RecordedWrite;
}

/** An event, and the number of writes before it. */
export type Happened = RecordedEvent & { readonly step: number };

/** A guest after a write: a target of `access`, `explain` and `audit`. */
export interface Moment {
  /** Number of writes done. */
  readonly step: number;
  /** The guest's kernel and its registers. */
  readonly header: {
    readonly description: string;
    /** Undefined while paging is off. */
    readonly mode: Mode | undefined;
    readonly registers: { readonly [register in RecordedRegister]: number };
  };
  /** The machine: its registers, its page tables, and zeros everywhere else. */
  readonly machine: Machine;
}

/**
 * A recording of a guest (`loadRecording`).
 *
 * Step 0 is before the first write, step N after the N-th. Events between two writes belong to the earlier one. A and D bits that the CPU sets
 * are not writes; only the machine at the last step has them, because the recorder read the tables at the end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadRecording } from "@pagetable-init/textbook/recording";
 *
 * const header = { kind: "page-table writes of a real kernel", kernel: "2.6.20", memory_mb: 16, mode: "two-level", roots: ["0x1000"], tables: { "0x1": 2 } };
 * const lines = [header, { n: 10, who: "head.S", frame: 1, index: 768, value: "0xe3" }, { n: 11, who: "fill", frame: 1, index: 769, value: "0x4000e3" }];
 * const recording = await loadRecording(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")));
 * assertEquals([recording.length, recording.trace.at(2).op, recording.at(1).machine.memory.read(1, 769)], [2, "fill", 0]);
 * ```
 */
export class Recording {
  /** A description of the guest, and the size of its memory. */
  readonly header: Log["header"];
  /** Why the recording ends, and the number of the guest's stores until then; undefined for one that was cut short. */
  readonly end: Log["end"];
  /** The events between writes: registers loaded, pages flushed, tables linked and released. */
  readonly events: readonly Happened[];
  /** The writes. */
  readonly trace: RecordedTrace;
  readonly #log: Log;
  readonly #replay: Replay;
  readonly #roles: Roles;
  readonly #old: Int32Array;

  /**
   * A recording that is decoded.
   *
   * @param log The decoded log.
   */
  constructor(log: Log) {
    logShape(log, "log");
    this.#log = log;
    this.header = log.header;
    this.end = log.end;
    this.#replay = new Replay(log.stores, log.marks, log.header.ramBytes);
    this.#roles = new Roles(log.events);
    this.events = withSteps(log);
    this.#old = this.#oldEntries();
    this.trace = {
      length: log.stores.length,
      at: (step) => this.#write(step),
      [Symbol.iterator]: () => this.#writes(),
    };
  }

  /** Number of writes. */
  get length(): number {
    return this.trace.length;
  }

  /** Whether the recording has the flushes of single pages. Without them no translation is called stale. */
  get hasFlushes(): boolean {
    return this.#log.hasFlushes;
  }

  /** The stores, as columns. */
  get stores(): Log["stores"] {
    return this.#log.stores;
  }

  /** Entries whose final contents no store made: changes by the CPU, or by something other than a CPU. */
  get marks(): Log["marks"] {
    return this.#log.marks;
  }

  /** The writes, in order. */
  [Symbol.iterator](): Iterator<RecordedWrite> {
    return this.#writes();
  }

  /**
   * The machine after a write.
   *
   * @param step Number of writes done, 0 to `length`.
   * @returns The machine of CPU 0, with the tables as they were, paging or not.
   * @throws {TypeError} If the step is no number.
   * @throws {RangeError} If there is no such step, or no CPU takes the registers.
   */
  at(step: number): Moment {
    checkArguments({ step: integer(0, this.length) }, [step]);
    const memory = this.#replay.memoryAt(step);
    const machine = new Machine(CPUS.today, memory);
    const registers = this.registersAt(step);
    withoutPdpteRights(memory, registers);
    const fault = machine.writeCr4(registers.cr4) ?? machine.writeEfer(registers.efer) ??
      machine.writeCr3(registers.cr3) ?? machine.writeCr0(registers.cr0);
    if (fault) {
      throw new RangeError(`Expected registers that a CPU takes at step ${step} but found a #GP: ${fault.reason}`);
    }
    return { step, header: { description: this.header.description, mode: machine.mode, registers }, machine };
  }

  /** The paging registers of CPU 0 after a write. Throws like `at`. */
  registersAt(step: number): Moment["header"]["registers"] {
    checkArguments({ step: integer(0, this.length) }, [step]);
    const registers: Record<RecordedRegister, number> = { cr0: 0x11, cr3: 0, cr4: 0, efer: 0 };
    for (const event of this.events) {
      if (event.step > step) break;
      if (event.kind !== "register" || event.cpu !== 0) continue;
      const { hi, lo } = event.value;
      registers[event.register] = event.register === "cr3" ? (hi % 0x10_0000) * 0x1_0000_0000 + lo : lo;
    }
    return registers;
  }

  /** The entries before each store: low and high word in turn. */
  #oldEntries(): Int32Array {
    const old = new Int32Array(this.#log.stores.length * 2);
    this.#replay.run((i, words) => {
      const { word, wide } = this.#entryOf(i);
      old[2 * i] = words[word] as number;
      old[2 * i + 1] = wide ? words[word + 1] as number : 0;
    });
    return old;
  }

  /** The entry that a store begins in. */
  #entryOf(i: number): { readonly word: number; readonly wide: boolean; readonly address: number } {
    const { address, at } = this.#log.stores;
    const place = address[i] as number;
    const wide = (this.#roles.at(Math.floor(place / 4096), at[i] as number)?.mode.entryWords ?? 2) === 2;
    const entry = place - place % (wide ? 8 : 4);
    return { word: this.#replay.wordAt(entry), wide, address: entry };
  }

  #write(step: number): RecordedWrite {
    checkArguments({ step: integer(1, this.length) }, [step]);
    const { stores, writers } = this.#log;
    const i = step - 1;
    const place = stores.address[i] as number;
    const { address, wide } = this.#entryOf(i);
    const old = { hi: (this.#old[2 * i + 1] as number) >>> 0, lo: (this.#old[2 * i] as number) >>> 0 };
    const stored = this.#after(i, old, place - address, wide ? 8 : 4);
    const writer = writers[stores.writer[i] as number] ?? NOBODY;
    const frame = Math.floor(place / 4096);
    return {
      step,
      op: writer.name,
      pfn: frame,
      index: (address % 4096) / (wide ? 8 : 4),
      old,
      asked: stored,
      stored,
      writer,
      bytes: stores.size[i] as number,
      offset: place % 4096,
      level: this.#roles.at(frame, stores.at[i] as number)?.level,
      store: stores.at[i] as number,
      known: STORE_KINDS[stores.kind[i] as number] ?? "seen",
    };
  }

  /** An entry after a store into it. */
  #after(i: number, old: Linear, offset: number, entryBytes: number): Linear {
    const { size, lo, hi } = this.#log.stores;
    if (offset === 0 && size[i] === entryBytes) { // nearly every store
      return { hi: entryBytes === 8 ? (hi[i] as number) >>> 0 : old.hi, lo: (lo[i] as number) >>> 0 };
    }
    const bytes = new DataView(new ArrayBuffer(16));
    bytes.setUint32(0, old.lo, true);
    bytes.setUint32(4, old.hi, true);
    const value = [lo[i] as number, hi[i] as number];
    for (let byte = 0; byte < (size[i] as number) && offset + byte < entryBytes; byte++) {
      bytes.setUint8(offset + byte, (value[byte >> 2] as number) >>> (byte % 4) * 8);
    }
    return { hi: bytes.getUint32(4, true), lo: bytes.getUint32(0, true) };
  }

  *#writes(): Generator<RecordedWrite> {
    for (let step = 1; step <= this.length; step++) yield this.#write(step);
  }
}

function withSteps({ stores, events }: Log): Happened[] {
  let step = 0;
  return events.map((event) => {
    while (step < stores.length && (stores.at[step] as number) <= event.stores) step++;
    return { ...event, step };
  });
}

/**
 * Who stored, as text.
 *
 * @param writer The writer.
 * @returns For example `set_pte+0x12`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatWriter } from "@pagetable-init/textbook/recording";
 *
 * assertEquals(formatWriter({ pc: { hi: 0, lo: 0xc0100012 }, name: "set_pte", offset: 0x12 }), "set_pte+0x12");
 * ```
 */
export function formatWriter(writer: Writer): string {
  writerShape(writer, "writer");
  const { name, offset } = writer;
  return offset === 0 ? name : `${name}+0x${offset.toString(16)}`;
}

/**
 * Clears the bits of PAE's PDPTEs that a CPU refuses to load: QEMU sets their A bit and checks none, and the tables of Xen's 32-bit guests have
 * rights in them.
 */
function withoutPdpteRights(memory: PhysicalMemory, { cr0, cr3, cr4, efer }: Moment["header"]["registers"]): void {
  if ((cr0 & CR0_PG) === 0 || (cr4 & CR4_PAE) === 0 || (efer & EFER_LME) !== 0) return;
  const frame = Math.floor(cr3 / 4096);
  const first = ((cr3 % 4096) >>> 5) << 3;
  for (let word = first; word < first + 8; word += 2) {
    memory.write(frame, word, memory.read(frame, word) & ~PDPTE_RESERVED);
  }
}

const writerShape = shape("who writes: name and offset", { name: text, offset: integer(0, 2 ** 40) });

const logShape = shape("what a recording says", {
  header: shape("its header", { ramBytes: integer(0, 2 ** 52) }),
  events: list(() => {}),
});
