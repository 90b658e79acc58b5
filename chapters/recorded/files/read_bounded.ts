/**
 * Files from strangers: read whole, unpacked if they are gzip, and never larger than a limit.
 *
 * @module
 */

import { printable } from "./printable.ts";

/** What a file may hold, unpacked, unless the caller says otherwise: 256 MiB. */
export const READ_LIMIT = 0x1000_0000;

/** A file that cannot be used, with the reason in one line. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";

  /**
   * @param path The file, as the user named it.
   * @param reason Why it cannot be used.
   */
  constructor(path: string, reason: string) {
    super(`cannot read ${printable(path)}: ${printable(reason)}`);
  }
}

/**
 * Reads a file. A gzip file is unpacked, whatever its name; a file named `.gz` must be one. Reading stops at the
 * limit, so that a small file that unpacks to a huge one costs no more memory than twice the limit.
 *
 * @param path The file.
 * @param limit Largest size in bytes, unpacked.
 * @returns The contents, unpacked.
 * @throws {UnreadableFile} If the file is missing, a folder, not gzip though it is named so, damaged or too large.
 */
export async function readBounded(path: string, limit: number = READ_LIMIT): Promise<Uint8Array<ArrayBuffer>> {
  if (path.includes("\0")) throw new UnreadableFile(path, "not a file name");
  return await reasoned(path, async () => {
    using file = await Deno.open(path);
    const start = new Uint8Array(2);
    const length = await file.read(start) ?? 0;
    const gzip = start[0] === 0x1f && start[1] === 0x8b;
    if (path.endsWith(".gz") && !gzip) throw new UnreadableFile(path, "not a gzip file");
    const packed = ReadableStream.from(rejoined(start.subarray(0, length), file));
    return await collect(gzip ? packed.pipeThrough(new DecompressionStream("gzip")) : packed, path, limit);
  });
}

/**
 * Reads a file as it is, packed or not.
 *
 * @param path The file.
 * @param limit Largest size in bytes.
 * @returns The contents.
 * @throws {UnreadableFile} If the file is missing, a folder or too large.
 */
export async function readPacked(path: string, limit: number = READ_LIMIT): Promise<Uint8Array<ArrayBuffer>> {
  if (path.includes("\0")) throw new UnreadableFile(path, "not a file name");
  return await reasoned(path, async () => {
    using file = await Deno.open(path);
    return await collect(file.readable, path, limit);
  });
}

/** The bytes already read and the rest: a pipe cannot be wound back. */
async function* rejoined(start: Uint8Array<ArrayBuffer>, file: Deno.FsFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield start;
  yield* file.readable;
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  path: string,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw new UnreadableFile(path, `larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Runs an operation on a file and turns what it throws into one line. */
async function reasoned<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    if (error instanceof Deno.errors.NotFound) throw new UnreadableFile(path, "no such file");
    if (error instanceof Deno.errors.PermissionDenied) throw new UnreadableFile(path, "permission denied");
    if (error instanceof Deno.errors.IsADirectory) throw new UnreadableFile(path, "it is a folder");
    if (error instanceof Deno.errors.NotADirectory) throw new UnreadableFile(path, "no such file");
    if (error instanceof TypeError) throw new UnreadableFile(path, "damaged, cut short or followed by something else");
    throw new UnreadableFile(path, error instanceof Error ? error.message : String(error));
  }
}
