/**
 * Frame allocators, for the frames of new page tables.
 *
 * @module
 */

import { integer, show } from "../check.ts";

/** Gives and takes back 4K frames. */
export interface FrameAllocator {
  /** Hands out a frame; undefined if none is left. Its contents do not matter, because the mapper clears it before use as a table. */
  allocate(): number | undefined;
  /** Takes a frame back. */
  release(frame: number): void;
}

/**
 * A range of frames, handed out from the lowest up. A frame that came back is handed out again first.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { FramePool } from "@pagetable-init/textbook/mapper";
 *
 * const pool = new FramePool(0x10, 0x12);
 * assertEquals([pool.allocate(), pool.allocate(), pool.allocate()], [0x10, 0x11, undefined]);
 * pool.release(0x10);
 * assertEquals(pool.free, 1);
 * assertThrows(() => pool.release(0x10), RangeError, "Expected a frame that is in use");
 * ```
 */
export class FramePool implements FrameAllocator {
  readonly #end: number;
  readonly #used = new Set<number>();
  readonly #back: number[] = [];
  #next: number;

  /**
   * A pool in which every frame is free.
   *
   * @param first First frame.
   * @param end Frame behind the last one, at most 2^40.
   * @throws {RangeError} If these are not frame numbers, or `end` is below `first`.
   * @throws {TypeError} If one is no number.
   */
  constructor(first: number, end: number) {
    integer(0, 2 ** 40)(first, "first");
    integer(first, 2 ** 40)(end, "end");
    this.#next = first;
    this.#end = end;
  }

  /** Frames that are left. */
  get free(): number {
    return this.#end - this.#next + this.#back.length;
  }

  /** Hands out a frame; undefined if none is left. */
  allocate(): number | undefined {
    const frame = this.#back.pop() ?? (this.#next < this.#end ? this.#next++ : undefined);
    if (frame !== undefined) this.#used.add(frame);
    return frame;
  }

  /**
   * Takes a frame back.
   *
   * @param frame The frame.
   * @throws {RangeError} If it is not in use, or is no frame of this pool.
   */
  release(frame: number): void {
    if (!this.#used.delete(frame)) {
      throw new RangeError(`Expected a frame that is in use but found ${show(frame)}`);
    }
    this.#back.push(frame);
  }
}
