/**
 * Bytes that can be read at any place: those of a file, by seeking, or those of an array.
 *
 * @module
 */

/** Bytes with a known size. */
export interface Bytes extends Disposable {
  /** Number of bytes. */
  readonly size: number;
  /** The bytes from a place on; fewer than asked for at the end. */
  read(at: number, length: number): Uint8Array<ArrayBuffer>;
}

/** Bytes in memory. */
export function bytesOf(array: Uint8Array<ArrayBuffer>): Bytes {
  return {
    size: array.length,
    read: (at, length) => array.subarray(Math.min(at, array.length), Math.min(at + length, array.length)),
    [Symbol.dispose]: () => {},
  };
}

/**
 * Opens a file for reading by place.
 *
 * @param path The file.
 * @returns Its bytes. Close them.
 */
export function openBytes(path: string): Bytes {
  const file = Deno.openSync(path, { read: true });
  return {
    size: file.statSync().size,
    read: (at, length) => readAt(file, at, length),
    [Symbol.dispose]: () => file.close(),
  };
}

function readAt(file: Deno.FsFile, at: number, length: number): Uint8Array<ArrayBuffer> {
  const found = new Uint8Array(length);
  file.seekSync(at, Deno.SeekMode.Start);
  let count = 0;
  while (count < length) {
    const more = file.readSync(found.subarray(count));
    if (more === null || more === 0) break;
    count += more;
  }
  return count === length ? found : found.subarray(0, count);
}

/**
 * Bytes, all of which must be there.
 *
 * @param bytes The file.
 * @param at First byte.
 * @param length Number of bytes.
 * @param what What messages call it.
 * @throws {RangeError} If the file ends before.
 */
export function need(bytes: Bytes, at: number, length: number, what: string): DataView {
  const found = at + length <= bytes.size ? bytes.read(at, length) : undefined;
  if (found === undefined || found.length !== length) {
    throw new RangeError(
      `Expected ${what} at byte ${at} but found the end of the file at ${bytes.size}: is it cut short?`,
    );
  }
  return new DataView(found.buffer, found.byteOffset, found.length);
}

/**
 * A 64-bit number of a file as a number.
 *
 * @param view The bytes, little-endian.
 * @param at Where it begins.
 * @returns The number; Infinity from 2^53 on, so that a comparison with a limit refuses it.
 */
export function wide(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  return value < 2n ** 53n ? Number(value) : Infinity;
}
