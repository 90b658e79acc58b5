/**
 * Replay: the contents of all table frames after any number of stores.
 *
 * @module
 */

import { PhysicalMemory } from "../mmu/mod.ts";
import type { MemorySnapshot } from "../mmu/snapshot.ts";
import type { Mark, Stores } from "./log.ts";

const FRAME_WORDS = 1024;
/** Frames that a recording may have: as many as a state (256 MiB). */
const MAX_FRAMES = 2 ** 16;
/** Maximum number of kept copies of all tables, and of their words. A step is reached from the nearest copy before it. */
const MAX_COPIES = 16;
const MAX_COPIED_WORDS = 2 ** 26;
/** Stores from one copy to the next, at least: to do them again takes less than a millisecond. */
const MIN_DISTANCE = 2 ** 16;

/** The frames that were stored to, or marked, and what their words were. */
export class Replay {
  readonly #places: ReadonlyMap<number, number>;
  readonly #stores: Stores;
  readonly #marks: readonly Mark[];
  readonly #distance: number;
  readonly #copies: Int32Array[];
  /** Index of the word that each store begins in. */
  readonly #wordOf: Int32Array;
  /** Where the frames are in memory: in the same order, one after the other. */
  readonly #layout: MemorySnapshot;

  /**
   * @param stores The stores.
   * @param marks Entries whose final contents no store made.
   * @param ramBytes Size of memory.
   */
  constructor(stores: Stores, marks: readonly Mark[], ramBytes: number) {
    const frames = new Set(marks.map(({ address }) => Math.floor(address / 4096)));
    for (let i = 0, last = -1; i < stores.length; i++) {
      const frame = Math.floor((stores.address[i] as number) / 4096);
      if (frame !== last) frames.add(last = frame);
    }
    if (frames.size > MAX_FRAMES) {
      throw new RangeError(`Expected at most ${MAX_FRAMES} frames in the recording but found ${frames.size}`);
    }
    const sorted = [...frames].sort((a, b) => a - b);
    this.#places = new Map(sorted.map((frame, place) => [frame, place + 1]));
    this.#stores = stores;
    this.#marks = marks;
    const copies = Math.min(MAX_COPIES, Math.floor(MAX_COPIED_WORDS / (frames.size * FRAME_WORDS + 1)) + 1);
    this.#distance = Math.max(MIN_DISTANCE, Math.ceil(stores.length / copies));
    const zeros = new Int32Array((frames.size + 1) * FRAME_WORDS);
    this.#copies = [zeros];
    this.#layout = layoutOf(sorted, ramBytes, zeros);
    this.#wordOf = new Int32Array(stores.length);
    for (let i = 0; i < stores.length; i++) this.#wordOf[i] = this.wordAt(stores.address[i] as number);
  }

  /** Index of the word at a physical address: all frames, one after the other, behind one of zeros; -1 where no frame of the recording is. */
  wordAt(address: number): number {
    const place = this.#places.get(Math.floor(address / 4096));
    return place === undefined ? -1 : place * FRAME_WORDS + ((address % 4096) >>> 2);
  }

  /**
   * Memory after a number of stores.
   *
   * @param step Number of stores done; the last number includes the marks.
   * @returns Memory of the caller's own, with zeros in all frames that no store was to.
   */
  memoryAt(step: number): PhysicalMemory {
    const memory = new PhysicalMemory(this.#layout.frames * 4096);
    memory.restore({ ...this.#layout, words: this.#wordsAt(step).subarray(0, this.#layout.words.length) });
    return memory;
  }

  #wordsAt(step: number): Int32Array {
    const words = this.#copyBefore(step).slice();
    this.#apply(words, this.#nearest(step) * this.#distance, step);
    if (step === this.#stores.length) {
      for (const { address, size, value } of this.#marks) {
        const word = this.wordAt(address);
        words[word] = value.lo;
        if (size === 8) words[word + 1] = value.hi;
      }
    }
    return words;
  }

  /**
   * Does stores one by one, and keeps copies of all tables on the way.
   *
   * @param each Called before each, with its index and the words before it.
   */
  run(each: (store: number, words: Int32Array) => void): void {
    const words = (this.#copies[0] as Int32Array).slice();
    for (let i = 0; i < this.#stores.length; i++) {
      if (i === this.#copies.length * this.#distance) this.#copies.push(words.slice());
      each(i, words);
      this.#store(words, i);
    }
  }

  #nearest(step: number): number {
    return Math.floor(step / this.#distance);
  }

  #copyBefore(step: number): Int32Array {
    const wanted = this.#nearest(step);
    while (this.#copies.length <= wanted) {
      const words = (this.#copies.at(-1) as Int32Array).slice();
      this.#apply(words, (this.#copies.length - 1) * this.#distance, this.#copies.length * this.#distance);
      this.#copies.push(words);
    }
    return this.#copies[wanted] as Int32Array;
  }

  #apply(words: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#store(words, i);
  }

  #store(words: Int32Array, i: number): void {
    const { address, size, lo, hi } = this.#stores;
    const [at, bytes, value] = [address[i] as number, size[i] as number, lo[i] as number];
    const word = this.#wordOf[i] as number;
    if (at % 4 === 0 && bytes >= 4) {
      words[word] = value;
      if (bytes === 8) words[word + 1] = hi[i] as number;
      return;
    }
    const view = new DataView(words.buffer, word * 4 + at % 4, bytes);
    for (let byte = 0; byte < bytes; byte++) {
      view.setUint8(byte, (byte < 4 ? value : hi[i] as number) >>> (byte % 4) * 8);
    }
  }
}

/** Memory in which the frames have been written in this order, and are zero. Those beyond its end have no place. */
function layoutOf(frames: readonly number[], ramBytes: number, zeros: Int32Array): MemorySnapshot {
  const memory = new PhysicalMemory(ramBytes);
  for (const frame of frames) memory.write(frame, 0, 0);
  const layout = memory.snapshot();
  return { ...layout, words: zeros.subarray(0, layout.words.length) };
}
