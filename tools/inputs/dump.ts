/**
 * A dump of physical memory: the parts of a file that hold parts of memory.
 *
 * @module
 */

import type { Bytes } from "./bytes.ts";

const FRAME_BYTES = 4096;
/** Parts after neighbours were joined. A machine has a few dozen, a dump by linear address some thousands. */
const MAX_SEGMENTS = 16384;
const MAX_PHYSICAL = 2 ** 52;

/** Consecutive bytes of physical memory in a file. */
export interface Segment {
  /** Physical address of the first byte. */
  readonly first: number;
  /** Number of bytes. */
  readonly bytes: number;
  /** Where in the file they begin; undefined if they are zeros that were left out. */
  readonly at: number | undefined;
}

/** Physical memory in a file. Nothing of it is read before it is asked for. */
export class Dump {
  /** Physical address behind the last byte. */
  readonly end: number;
  readonly #bytes: Bytes;
  readonly #segments: readonly Segment[];

  /**
   * @param bytes The file.
   * @param segments What it holds. Two may overlap if they show the same bytes of the file.
   * @throws {RangeError} If one leaves the file or the physical address space, or two hold different bytes for one address.
   */
  constructor(bytes: Bytes, segments: readonly Segment[]) {
    for (const segment of segments) checkSegment(segment, bytes.size);
    this.#bytes = bytes;
    this.#segments = joined(segments);
    const last = this.#segments.at(-1);
    if (last === undefined) throw new RangeError("Expected a dump with memory in it but found none");
    this.end = last.first + last.bytes;
  }

  /**
   * A frame of memory.
   *
   * @param frame Frame number.
   * @returns Its 1024 words; undefined where the dump has not all of it.
   */
  frame(frame: number): Int32Array | undefined {
    const first = frame * FRAME_BYTES;
    const segment = this.#at(first);
    if (segment === undefined) return undefined;
    const inside = first - segment.first;
    if (segment.bytes - inside >= FRAME_BYTES) return wordsOf(this.#read(segment, inside, FRAME_BYTES));
    return this.#patched(first);
  }

  /** A frame that begins in one segment and ends in the next. */
  #patched(first: number): Int32Array | undefined {
    const frame = new Uint8Array(FRAME_BYTES);
    for (let at = 0; at < FRAME_BYTES;) {
      const segment = this.#at(first + at);
      if (segment === undefined) return undefined;
      const inside = first + at - segment.first;
      const length = Math.min(FRAME_BYTES - at, segment.bytes - inside);
      frame.set(this.#read(segment, inside, length), at);
      at += length;
    }
    return wordsOf(frame);
  }

  #read({ at }: Segment, inside: number, length: number): Uint8Array {
    return at === undefined ? new Uint8Array(length) : this.#bytes.read(at + inside, length);
  }

  #at(address: number): Segment | undefined {
    let [low, high] = [0, this.#segments.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle]?.first ?? Infinity) <= address) low = middle + 1;
      else high = middle;
    }
    const segment = this.#segments[low - 1];
    return segment !== undefined && address < segment.first + segment.bytes ? segment : undefined;
  }
}

function wordsOf(bytes: Uint8Array): Int32Array | undefined {
  if (bytes.length !== FRAME_BYTES) return undefined;
  const words = new Int32Array(FRAME_BYTES / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_BYTES);
  for (let word = 0; word < words.length; word++) words[word] = view.getInt32(word * 4, true);
  return words;
}

function checkSegment({ first, bytes, at }: Segment, size: number): void {
  if (!(first + bytes <= MAX_PHYSICAL)) {
    throw new RangeError(`Expected memory below 2^52 but found a segment of ${bytes} bytes at ${hex(first)}`);
  }
  if (at === undefined || at + bytes <= size) return;
  throw new RangeError(
    `Expected ${bytes} bytes for the memory at ${
      hex(first)
    } but found the end of the file at ${size}: is it cut short?`,
  );
}

/** Segments in order, neighbours that are neighbours in the file too joined. */
function joined(segments: readonly Segment[]): Segment[] {
  const found: Segment[] = [];
  for (const next of [...segments].filter(({ bytes }) => bytes > 0).sort((a, b) => a.first - b.first)) {
    const last = found.at(-1);
    const end = last === undefined ? -1 : last.first + last.bytes;
    if (last !== undefined && next.first <= end && offsetOf(next) === offsetOf(last)) {
      found[found.length - 1] = { ...last, bytes: Math.max(end, next.first + next.bytes) - last.first };
    } else if (next.first < end) {
      throw new RangeError(
        `Expected memory that is in the dump once but found two segments with different bytes at ${hex(next.first)}`,
      );
    } else found.push(next);
  }
  if (found.length <= MAX_SEGMENTS) return found;
  throw new RangeError(`Expected at most ${MAX_SEGMENTS} pieces of memory but found ${found.length}`);
}

/** Distance from the place in the file to the physical address: segments with one distance show the same bytes. Zeros have none. */
function offsetOf({ first, at }: Segment): number | undefined {
  return at === undefined ? undefined : first - at;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
