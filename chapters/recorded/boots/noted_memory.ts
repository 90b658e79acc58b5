/**
 * Memory that records every store, as the recorder of the real boots did.
 *
 * @module
 */

import { A, D, PhysicalMemory } from "../../../core/mmu/mod.ts";
import type { StoreOrder } from "../../../core/paravirt/mod.ts";
import type { HowStored } from "./record.ts";

/** One entry that was stored. */
export interface NotedStore {
  readonly frame: number;
  readonly index: number;
  readonly lo: number;
  readonly hi: number;
  readonly how: HowStored;
}

const COLUMNS = 4;
/** In the last column: one word, or two at once. */
const ONE = 0;
const PAIR = 1;

/**
 * Physical memory with a list of all words stored, in order. A and D bits that the CPU sets are not stores, so a word that gains only these
 * bits is left out.
 */
export class NotedMemory extends PhysicalMemory {
  #rows: Int32Array = new Int32Array(2 ** 16);
  #length = 0;

  override write(frame: number, word: number, value: number): void {
    const gained = value ^ this.read(frame, word);
    if (gained === 0 || (gained & ~(A | D)) !== 0 || (value & gained) !== gained) this.#note(frame, word, value, ONE);
    super.write(frame, word, value);
  }

  override writePair(frame: number, word: number, hi: number, lo: number, order: StoreOrder = "once"): void {
    const kind = order === "once" ? PAIR : ONE;
    if (order === "hi,lo") this.#note(frame, word + 1, hi, kind);
    this.#note(frame, word, lo, kind);
    if (order !== "hi,lo") this.#note(frame, word + 1, hi, kind);
    super.writePair(frame, word, hi, lo);
  }

  override clearFrame(frame: number): void {
    for (let word = 0; word < 1024; word++) this.#note(frame, word, 0, ONE);
    super.clearFrame(frame);
  }

  /**
   * What was stored into tables, entry by entry.
   *
   * @param tables Frames that count.
   * @param entryWords Words an entry: the two stores into one 8-byte entry are one entry stored.
   * @returns The entries, in order.
   */
  *stores(tables: ReadonlySet<number>, entryWords: 1 | 2): Generator<NotedStore> {
    const rows = this.#rows;
    const end = this.#length * COLUMNS;
    for (let at = 0; at < end; at += COLUMNS) {
      const frame = rows[at] ?? 0;
      if (!tables.has(frame)) continue;
      const [word = 0, value = 0, kind] = rows.subarray(at + 1, at + COLUMNS);
      const index = Math.floor(word / entryWords);
      if (entryWords === 1) {
        yield { frame, index, lo: value >>> 0, hi: 0, how: "once" };
        continue;
      }
      const next = at + COLUMNS;
      const [nextFrame, nextWord, nextValue = 0] = next < end ? rows.subarray(next, next + COLUMNS) : [];
      if (nextFrame !== frame || nextWord !== (word ^ 1)) {
        yield { frame, index, lo: value >>> 0, hi: 0, how: "lo" };
        continue;
      }
      const [lo, hi] = word % 2 === 0 ? [value, nextValue] : [nextValue, value];
      yield {
        frame,
        index,
        lo: lo >>> 0,
        hi: hi >>> 0,
        how: kind === PAIR ? "once" : word % 2 === 0 ? "lo,hi" : "hi,lo",
      };
      at = next;
    }
  }

  #note(frame: number, word: number, value: number, kind: number): void {
    const at = this.#length++ * COLUMNS;
    if (at === this.#rows.length) {
      const rows = new Int32Array(2 * at);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    this.#rows[at] = frame;
    this.#rows[at + 1] = word;
    this.#rows[at + 2] = value;
    this.#rows[at + 3] = kind;
  }
}
