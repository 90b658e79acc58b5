/**
 * Replay: the contents of all table frames after any number of stores.
 *
 * @module
 */

import type { Mark, Stores } from "./log.ts";

const FRAME_WORDS = 1024;
/** Frames that a recording may have: as many as a state (256 MiB). */
const MAX_FRAMES = 2 ** 16;
/** Maximum number of kept copies of all tables, and of their words. A step is reached from the nearest copy before it. */
const MAX_COPIES = 16;
const MAX_COPIED_WORDS = 2 ** 26;
/** Stores from one copy to the next, at least: to do them again takes less than a millisecond. */
const MIN_DISTANCE = 2 ** 16;

/** The frames of a recording, and what their words were. */
export class Replay {
  /** The frames that were stored to, or marked, ascending. */
  readonly frames: readonly number[];
  readonly #places: ReadonlyMap<number, number>;
  readonly #stores: Stores;
  readonly #marks: readonly Mark[];
  readonly #distance: number;
  readonly #copies: Int32Array[];
  /** Index of the word that each store begins in. */
  readonly #wordOf: Int32Array;

  /**
   * @param stores The stores.
   * @param marks Entries whose final contents no store made.
   */
  constructor(stores: Stores, marks: readonly Mark[]) {
    const frames = new Set(marks.map(({ address }) => Math.floor(address / 4096)));
    for (let i = 0, last = -1; i < stores.length; i++) {
      const frame = Math.floor((stores.address[i] as number) / 4096);
      if (frame !== last) frames.add(last = frame);
    }
    if (frames.size > MAX_FRAMES) {
      throw new RangeError(`Expected at most ${MAX_FRAMES} frames in the recording but found ${frames.size}`);
    }
    this.frames = [...frames].sort((a, b) => a - b);
    this.#places = new Map(this.frames.map((frame, place) => [frame, place]));
    this.#stores = stores;
    this.#marks = marks;
    const copies = Math.min(MAX_COPIES, Math.floor(MAX_COPIED_WORDS / (frames.size * FRAME_WORDS + 1)) + 1);
    this.#distance = Math.max(MIN_DISTANCE, Math.ceil(stores.length / copies));
    this.#copies = [new Int32Array(this.frames.length * FRAME_WORDS)];
    this.#wordOf = new Int32Array(stores.length);
    for (let i = 0; i < stores.length; i++) this.#wordOf[i] = this.wordAt(stores.address[i] as number);
  }

  /** Index of the word at a physical address, among the words of all frames; -1 where no frame of the recording is. */
  wordAt(address: number): number {
    const place = this.#places.get(Math.floor(address / 4096));
    return place === undefined ? -1 : place * FRAME_WORDS + ((address % 4096) >>> 2);
  }

  /**
   * All words after a number of stores, frame after frame in the order of `frames`.
   *
   * @param step Number of stores done; the last number includes the marks.
   * @returns Words of the caller's own.
   */
  wordsAt(step: number): Int32Array {
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
