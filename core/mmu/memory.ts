/**
 * Sparse physical memory: it takes space for the frames that were written, not for the configured size.
 *
 * @module
 */

import { instance, integer, shape, wholeNumber } from "../check.ts";
import type { MemorySnapshot } from "./snapshot.ts";

const FRAME_WORDS = 1024;
/** Frames that there is room for before anything has to grow. */
const FIRST_FRAMES = 16;
/** Index of the last word in a frame. */
const LAST_WORD = FRAME_WORDS - 1;
/** The largest frame number that is checked at once: a small integer. */
const MAX_SMALL = 2 ** 30 - 1;
/** Maximum length of the list of places: the frames of 64 GiB. A map holds the places of frames beyond. */
const LISTED_FRAMES = 2 ** 24;

/**
 * Physical memory: 32-bit words in 4K frames. A frame takes space from its first write on.
 *
 * Words are signed 32-bit numbers. Memory that was never written reads 0; addresses beyond the configured size
 * read all ones and swallow writes, as an empty bus does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PhysicalMemory } from "@pagetable-init/textbook/mmu";
 *
 * const memory = new PhysicalMemory(1 << 30);
 * memory.write(0x100, 3, 0x163);
 * assertEquals(memory.read(0x100, 3), 0x163);
 * assertEquals(memory.read(0x40000, 0), -1);
 * assertEquals(memory.committedBytes, 4096);
 * ```
 * @category Machine
 */
export class PhysicalMemory {
  /** Configured size in frames. */
  readonly frames: number;
  #words: Int32Array = new Int32Array(FIRST_FRAMES * FRAME_WORDS);
  #places: Int32Array = new Int32Array(FIRST_FRAMES);
  readonly #farPlaces = new Map<number, number>();
  #end = FRAME_WORDS;

  /**
   * Memory of a size, all zeros.
   *
   * @param bytes Configured size, a multiple of 4096, at most 2^52.
   * @throws {TypeError} If it is no number.
   * @throws {RangeError} If the size is not such a multiple.
   */
  constructor(bytes: number) {
    memorySize(bytes, "the memory size in bytes");
    this.frames = bytes / 4096;
  }

  /**
   * The words of the frames that were written, in the order of their first write, after one frame that stays zero. Growth replaces this
   * array, so do not keep it.
   */
  get words(): Int32Array {
    return this.#words;
  }

  /** The result of `placeOf` by frame number, for the frames below its length. Growth replaces this array. Hot paths index both directly. */
  get places(): Int32Array {
    return this.#places;
  }

  /** Bytes that have been written to, in whole frames. */
  get committedBytes(): number {
    return (this.#end - FRAME_WORDS) * 4;
  }

  /**
   * Where a frame is.
   *
   * @param frame Frame number, below `frames`.
   * @returns Index in `words` of its first word; 0, where a frame of zeros is, if it was never written.
   * @throws {TypeError} If it is no number.
   * @throws {RangeError} If it is no frame number.
   */
  placeOf(frame: number): number {
    if (needsCheck(frame, 0)) checkPlace(frame, 0, 0);
    return this.#placeOf(frame);
  }

  #placeOf(frame: number): number {
    const places = this.#places;
    return frame < places.length ? places[frame] ?? 0 : (this.#farPlaces.get(frame) ?? 0) | 0; // `| 0` tells V8 that both are words
  }

  /**
   * One word of a frame.
   *
   * @param frame Frame number.
   * @param word Index of the 32-bit word in the frame, 0 to 1023.
   * @returns The word, signed; -1 beyond the end of memory.
   * @throws {TypeError} If an argument is no number.
   * @throws {RangeError} If one is no frame number, or no index of a word in a frame.
   */
  read(frame: number, word: number): number {
    if (needsCheck(frame, word)) checkPlace(frame, word, FRAME_WORDS - 1);
    return frame < this.frames ? this.#words[this.#placeOf(frame) + word] ?? -1 : -1;
  }

  /**
   * Stores one word of a frame; beyond the end of memory nothing happens.
   *
   * @param frame Frame number.
   * @param word Index of the 32-bit word in the frame, 0 to 1023.
   * @param value The word; its low 32 bits count.
   * @throws {TypeError} If an argument is no number.
   * @throws {RangeError} If one is no frame number, no index of a word in a frame, or no whole number.
   */
  write(frame: number, word: number, value: number): void {
    if (needsCheck(frame, word)) checkPlace(frame, word, FRAME_WORDS - 1);
    if (typeof value !== "number" || (value | 0) !== value) wholeNumber(value, "value");
    const place = this.#placeOf(frame) || this.#commit(frame);
    if (place !== 0) this.#words[place + word] = value;
  }

  /**
   * Stores two words of a frame that follow each other; beyond the end of memory nothing happens.
   *
   * @param frame Frame number.
   * @param word Index of the first word in the frame, 0 to 1022.
   * @param hi The second word; its low 32 bits count.
   * @param lo The first.
   * @param _order In which order the kernel's code stores the two. Memory is the same afterwards; a subclass that records stores may note it.
   * @throws {TypeError} If an argument is no number.
   * @throws {RangeError} As for `write`.
   */
  writePair(frame: number, word: number, hi: number, lo: number, _order?: "hi,lo" | "lo,hi" | "once"): void {
    if (needsCheck(frame, word) || word === LAST_WORD) checkPlace(frame, word, FRAME_WORDS - 2);
    if (typeof lo !== "number" || (lo | 0) !== lo) wholeNumber(lo, "lo");
    if (typeof hi !== "number" || (hi | 0) !== hi) wholeNumber(hi, "hi");
    const place = this.#placeOf(frame) || this.#commit(frame);
    if (place === 0) return;
    const words = this.#words;
    words[place + word] = lo;
    words[place + word + 1] = hi;
  }

  /**
   * Stores a whole frame; beyond the end of memory nothing happens.
   *
   * @param frame Frame number.
   * @param words Its 1,024 words.
   * @throws {TypeError} If the frame is no number, or the words are no `Int32Array`.
   * @throws {RangeError} If the frame is no frame number, or the words are not 1,024.
   */
  writeFrame(frame: number, words: Int32Array): void {
    if (needsCheck(frame, 0)) checkPlace(frame, 0, 0);
    int32Array(words, "words");
    if (words.length !== FRAME_WORDS) throw new RangeError(`Expected ${FRAME_WORDS} words but found ${words.length}`);
    const place = this.#placeOf(frame) || this.#commit(frame);
    if (place !== 0) this.#words.set(words, place);
  }

  /**
   * Fills a frame with zeros.
   *
   * @param frame Frame number.
   * @throws {TypeError} If it is no number.
   * @throws {RangeError} If it is no frame number.
   */
  clearFrame(frame: number): void {
    if (needsCheck(frame, 0)) checkPlace(frame, 0, 0);
    const place = this.#placeOf(frame);
    if (place !== 0) this.#words.fill(0, place, place + FRAME_WORDS);
  }

  /**
   * Copies a frame.
   *
   * @param to Frame number written.
   * @param from Frame number read.
   * @throws {TypeError} If one is no number.
   * @throws {RangeError} If one is no frame number.
   */
  copyFrame(to: number, from: number): void {
    for (let word = 0; word < FRAME_WORDS; word++) {
      this.write(to, word, this.read(from, word));
    }
  }

  /** The frames that were written, and where they are. */
  snapshot(): MemorySnapshot {
    return Object.freeze({
      frames: this.frames,
      words: this.#words.slice(0, this.#end),
      places: this.#places.slice(),
      farPlaces: new Map(this.#farPlaces),
    });
  }

  /**
   * Puts all frames back to the state of a snapshot.
   *
   * @param snapshot A snapshot of memory of this size.
   * @throws {RangeError} If it is of another size.
   */
  restore(snapshot: MemorySnapshot): void {
    memorySnapshot(snapshot, "snapshot");
    const { frames, words, places, farPlaces } = snapshot;
    if (frames !== this.frames) {
      throw new RangeError(`Expected a snapshot of ${this.frames} frames but found ${frames}`);
    }
    if (this.#words.length < words.length) this.#words = new Int32Array(2 ** Math.ceil(Math.log2(words.length)));
    this.#words.set(words);
    this.#words.fill(0, words.length, this.#end);
    this.#end = words.length;
    this.#places = places.slice();
    this.#farPlaces.clear();
    for (const [frame, place] of farPlaces) this.#farPlaces.set(frame, place);
  }

  /** Gives a frame the next free place; 0 beyond the end of memory. */
  #commit(frame: number): number {
    if (frame >= this.frames) return 0;
    const place = this.#end;
    if (place === this.#words.length) this.#words = grown(this.#words, 2 * place);
    if (frame >= LISTED_FRAMES) this.#farPlaces.set(frame, place);
    else {
      if (frame >= this.#places.length) this.#places = grown(this.#places, 2 ** Math.ceil(Math.log2(frame + 1)));
      this.#places[frame] = place;
    }
    this.#end += FRAME_WORDS;
    return place;
  }
}

/** Whether `checkPlace` must look at a frame number and a word index: one is invalid, or the frame number has more than 30 bits. */
function needsCheck(frame: number, word: number): boolean {
  return typeof word !== "number" || typeof frame !== "number" || (word & LAST_WORD) !== word ||
    (frame & MAX_SMALL) !== frame;
}

const int32Array = instance(Int32Array, "an Int32Array");

const memorySize = integer(4096, 2 ** 52, 4096);
const memorySnapshot = shape("a snapshot of memory", {
  frames: integer(0, Number.MAX_SAFE_INTEGER),
  words: instance(Int32Array, "words"),
  places: instance(Int32Array, "places"),
  farPlaces: instance(Map, "places"),
});

/** Throws if a frame number or a word index is not valid. */
function checkPlace(frame: number, word: number, lastWord: number): void {
  frameOfMemory(frame, "frame");
  integer(0, lastWord)(word, "word");
}

const frameOfMemory = integer(0, Number.MAX_SAFE_INTEGER);

function grown(words: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(words);
  return larger;
}
