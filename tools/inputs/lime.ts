/**
 * LiME: a header for each range of memory, and its bytes. The padded form has no headers; it is raw memory.
 *
 * Source: the format's description with LiME, Linux Memory Extractor.
 *
 * @module
 */

import { type Bytes, need, wide } from "./bytes.ts";
import { Dump, type Segment } from "./dump.ts";

/** "LiME" as a little-endian number. */
export const LIME_MAGIC = 0x4c694d45;
const HEADER_BYTES = 32;
const MAX_RANGES = 2 ** 16;

/**
 * Reads the headers of a LiME file.
 *
 * @param bytes The file.
 * @returns The memory.
 * @throws {RangeError} If a header is damaged or the file is cut short.
 */
export function readLime(bytes: Bytes): Dump {
  const segments: Segment[] = [];
  for (let at = 0; at < bytes.size;) {
    const head = need(bytes, at, HEADER_BYTES, "the header of a LiME range");
    const [magic, version] = [head.getUint32(0, true), head.getUint32(4, true)];
    const [first, last] = [wide(head, 8), wide(head, 16)];
    if (magic !== LIME_MAGIC || version !== 1) {
      throw new RangeError(
        `Expected a LiME header of version 1 at byte ${at} but found 0x${magic.toString(16)}, version ${version}`,
      );
    }
    if (!(last >= first && last < 2 ** 52)) {
      throw new RangeError(`Expected a range of memory at byte ${at} but found ${first} to ${last}`);
    }
    if (segments.length === MAX_RANGES) throw new RangeError(`Expected at most ${MAX_RANGES} ranges but found more`);
    segments.push({ first, bytes: last - first + 1, at: at + HEADER_BYTES });
    at += HEADER_BYTES + last - first + 1;
  }
  return new Dump(bytes, segments);
}
