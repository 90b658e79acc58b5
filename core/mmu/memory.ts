/**
 * Physical memory that costs what is used, not what is configured.
 *
 * @module
 */

/** Log2 of the bytes of a chunk: 64K, so that page tables strewn over all of memory cost little more than themselves. */
export const CHUNK_SHIFT = 16;
const CHUNK_WORDS = 1 << (CHUNK_SHIFT - 2);
/** Frames of a chunk. */
export const FRAMES_PER_CHUNK: number = 1 << (CHUNK_SHIFT - 12);
const FRAME_WORDS = 1024;
/** Up to 64 GiB the chunk list is an ordinary array; beyond, JavaScript keeps it as a sparse one. */
const PREALLOCATED_CHUNKS = 1 << 20;

/**
 * Physical memory: 32-bit words in 4K frames, in chunks of 64K that exist from the first write on.
 *
 * Words are signed 32-bit numbers. Memory that was never written reads 0; addresses beyond the configured size
 * read all ones and swallow writes, as an empty bus does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PhysicalMemory } from "@pagetable-init/textbook";
 *
 * const memory = new PhysicalMemory(1 << 30);
 * memory.write(0x100, 3, 0x163);
 * assertEquals(memory.read(0x100, 3), 0x163);
 * assertEquals(memory.read(0x40000, 0), -1);
 * assertEquals(memory.committedBytes, 1 << 16);
 * ```
 */
export class PhysicalMemory {
  /** Configured size in frames. */
  readonly frames: number;
  /** The chunks, by physical address >> 20; a hole was never written. Hot paths index it directly. */
  readonly chunks: (Int32Array | undefined)[];
  /** Chunks that exist: counted, because a list with holes as wide as physical memory takes minutes to look through. */
  #committed = 0;

  /**
   * Memory of a size, all zeros.
   *
   * @param bytes Configured size, a multiple of 4096, at most 2^52.
   * @throws {RangeError} If the size is anything else.
   */
  constructor(bytes: number) {
    if (
      !Number.isInteger(bytes) || bytes <= 0 || bytes % 4096 !== 0 ||
      bytes > 2 ** 52
    ) {
      throw new RangeError(
        `Expected a memory size that is a positive multiple of 4096, at most 2^52, but found ${bytes}`,
      );
    }
    this.frames = bytes / 4096;
    this.chunks = new Array(
      Math.min(Math.ceil(this.frames / FRAMES_PER_CHUNK), PREALLOCATED_CHUNKS),
    );
  }

  /** Bytes that have been written to, in whole chunks. */
  get committedBytes(): number {
    return this.#committed * CHUNK_WORDS * 4;
  }

  /**
   * One word of a frame.
   *
   * @param pfn Frame number.
   * @param word Index of the 32-bit word in the frame, 0 to 1023.
   * @returns The word, signed; -1 beyond the end of memory.
   */
  read(pfn: number, word: number): number {
    if (pfn >= this.frames) return -1;
    const chunk = this.chunks[chunkOf(pfn)];
    return chunk === undefined ? 0 : chunk[wordOf(pfn, word)] ?? -1;
  }

  /**
   * Stores one word of a frame; beyond the end of memory nothing happens.
   *
   * @param pfn Frame number.
   * @param word Index of the 32-bit word in the frame, 0 to 1023.
   * @param value The word; its low 32 bits count.
   */
  write(pfn: number, word: number, value: number): void {
    if (pfn < this.frames) this.#chunk(pfn)[wordOf(pfn, word)] = value;
  }

  /**
   * Fills a frame with zeros.
   *
   * @param pfn Frame number.
   */
  clearFrame(pfn: number): void {
    if (pfn >= this.frames) return;
    this.chunks[chunkOf(pfn)]?.fill(
      0,
      wordOf(pfn, 0),
      wordOf(pfn, FRAME_WORDS),
    );
  }

  /**
   * Copies a frame.
   *
   * @param to Frame number written.
   * @param from Frame number read.
   */
  copyFrame(to: number, from: number): void {
    for (let word = 0; word < FRAME_WORDS; word++) {
      this.write(to, word, this.read(from, word));
    }
  }

  #chunk(pfn: number): Int32Array {
    const index = chunkOf(pfn);
    const known = this.chunks[index];
    if (known !== undefined) return known;
    const chunk = new Int32Array(CHUNK_WORDS);
    this.chunks[index] = chunk;
    this.#committed++;
    return chunk;
  }
}

function chunkOf(pfn: number): number {
  return Math.floor(pfn / FRAMES_PER_CHUNK);
}

function wordOf(pfn: number, word: number): number {
  return (pfn % FRAMES_PER_CHUNK) * FRAME_WORDS + word;
}
