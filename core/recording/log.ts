/**
 * The log of a recording: its stores in order, and the events between them.
 *
 * @module
 */

import type { Linear, Mode } from "../mmu/mod.ts";

/** The writer of a store: an instruction, and the symbol below it if the recording has one. */
export interface Writer {
  /** Address of the instruction; zero for contents that no store made. */
  readonly pc: Linear;
  /** The symbol; the address in hexadecimal without one. */
  readonly name: string;
  /** Bytes from the symbol to the instruction. */
  readonly offset: number;
}

/** Facts about the recorded guest. */
export interface RecordingHeader {
  /** One line for people: the system that ran. */
  readonly description: string;
  /** Size of the guest's memory in bytes. */
  readonly ramBytes: number;
}

/** A register that paging reads. */
export type RecordedRegister = "cr0" | "cr3" | "cr4" | "efer";

/** A register was loaded. */
export interface RegisterLoad {
  /** Kind of the event. */
  readonly kind: "register";
  /** Stores of the whole guest before it. */
  readonly stores: number;
  /** Index of the CPU. */
  readonly cpu: number;
  /** The register that was loaded. */
  readonly register: RecordedRegister;
  /** Value that was loaded, in two words. */
  readonly value: Linear;
  /** The instruction that loaded it. */
  readonly writer: Writer;
}

/** A page was flushed from the TLB. */
export interface PageFlush {
  /** Kind of the event. */
  readonly kind: "flush";
  /** Stores of the whole guest before it. */
  readonly stores: number;
  /** Index of the CPU. */
  readonly cpu: number;
  /** Linear address of the page; undefined if the recorder could not tell it. */
  readonly linear: Linear | undefined;
  /** The instruction that flushed it. */
  readonly writer: Writer;
}

/** A frame that became a page table, or ceased to be one. */
export interface TableLink {
  /** `table` if an entry links the frame from here on, `released` if none does any more. */
  readonly kind: "table" | "released";
  /** Stores of the whole guest before it. */
  readonly stores: number;
  /** Frame number of the table. */
  readonly frame: number;
  /** Levels from the last: 1 for a table of pages. */
  readonly level: number;
  /** The paging mode in which it is one. */
  readonly mode: Mode["id"];
}

/** An event between two stores. */
export type RecordedEvent = RegisterLoad | PageFlush | TableLink;

/** An entry whose final contents differ from the last store. */
export interface Mark {
  /** Physical address of the entry. */
  readonly address: number;
  /** Bytes of the entry: 4 or 8. */
  readonly size: number;
  /** Its contents at the end. */
  readonly value: Linear;
  /** True if only A and D differ, which the CPU sets. False if something other than a CPU wrote. */
  readonly byCpu: boolean;
}

/** Why a recording ends. */
export const END_REASONS = [
  "the guest ended",
  "it was told to end",
  "the stores that were asked for were reached",
  "the symbol was reached",
  "the log was full",
  "the disk was full",
] as const;

/** How a store came into the recording: as it happened, found when its frame became a table, or without any store. */
export type StoreKind = "seen" | "earlier" | "found";

/** The kinds, by their number in a recording. */
export const STORE_KINDS: readonly StoreKind[] = ["seen", "earlier", "found"];

/**
 * Stores, as columns that grow. Addresses are physical.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Stores } from "@pagetable-init/textbook/recording";
 *
 * const stores = new Stores();
 * stores.add(7, 0x1000, 0, 4, 0, 0x2063, 0); // the seventh store of the guest: four bytes at 0x1000
 * assertEquals([stores.length, stores.address[0], stores.lo[0]], [1, 0x1000, 0x2063]);
 * ```
 */
export class Stores {
  /** Number of stores. */
  length = 0;
  /** Number of the store among all of the guest's. */
  at: Float64Array = new Float64Array(1024);
  /** Physical address of the store's first byte. */
  address: Float64Array = new Float64Array(1024);
  /** Index among the writers. */
  writer: Uint32Array = new Uint32Array(1024);
  /** Bytes stored: 1, 2, 4 or 8. */
  size: Uint8Array = new Uint8Array(1024);
  /** Index in `STORE_KINDS`. */
  kind: Uint8Array = new Uint8Array(1024);
  /** Low word of the value. */
  lo: Int32Array = new Int32Array(1024);
  /** High word of the value. */
  hi: Int32Array = new Int32Array(1024);

  /** Appends a store. */
  add(at: number, address: number, writer: number, size: number, kind: number, lo: number, hi: number): void {
    const i = this.length++;
    if (i === this.at.length) this.#grow();
    this.at[i] = at;
    this.address[i] = address;
    this.writer[i] = writer;
    this.size[i] = size;
    this.kind[i] = kind;
    this.lo[i] = lo;
    this.hi[i] = hi;
  }

  #grow(): void {
    const length = this.at.length * 2;
    this.at = grown(Float64Array, this.at, length);
    this.address = grown(Float64Array, this.address, length);
    this.writer = grown(Uint32Array, this.writer, length);
    this.size = grown(Uint8Array, this.size, length);
    this.kind = grown(Uint8Array, this.kind, length);
    this.lo = grown(Int32Array, this.lo, length);
    this.hi = grown(Int32Array, this.hi, length);
  }
}

function grown<Column extends { set(from: Column): void }>(
  Kind: new (length: number) => Column,
  old: Column,
  length: number,
): Column {
  const column = new Kind(length);
  column.set(old);
  return column;
}

/** A recording, decoded. Stores and events are in the order in which they happened. */
export interface Log {
  /** A description of the guest, and the size of its memory. */
  readonly header: RecordingHeader;
  /** The writers; the first one is for contents that no store made. */
  readonly writers: readonly Writer[];
  /** The stores. */
  readonly stores: Stores;
  /** The events between the stores. */
  readonly events: readonly RecordedEvent[];
  /** Entries whose final contents no store made. */
  readonly marks: readonly Mark[];
  /** Whether the recording has the flushes of single pages. Without them a missing flush cannot be known. */
  readonly hasFlushes: boolean;
  /** Why it ends; undefined for one that was cut short. */
  readonly end: { readonly reason: string; readonly stores: number } | undefined;
}

/** The writer of contents that no store made. */
export const NOBODY: Writer = Object.freeze({ pc: Object.freeze({ hi: 0, lo: 0 }), name: "no store", offset: 0 });
