/**
 * Reads untrusted files whole, unpacks them if they are gzip, and stops at a size limit.
 *
 * @module
 */

import { printable } from "./printable.ts";

/** Default limit of an unpacked file: 256 MiB. */
export const READ_LIMIT = 0x1000_0000;

/** A file that cannot be used, with the reason in one line. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";

  /**
   * @param path The file, as the user named it.
   * @param reason Why it cannot be used.
   */
  constructor(path: string | URL, reason: string) {
    super(`cannot read ${printable(`${path}`)}: ${printable(reason)}`);
  }
}

/**
 * Reads a file. A gzip file is unpacked under any name; a file named `.gz` must be gzip. Reading stops at the
 * limit, so that a small file that unpacks to a huge one costs no more memory than twice the limit.
 *
 * @param path The file; a URL may lead to a server, as it does in a page.
 * @param limit Largest size in bytes, unpacked.
 * @returns The contents, unpacked.
 * @throws {UnreadableFile} If the file is missing, a folder, not gzip though it is named so, damaged or too large.
 */
export async function readBounded(path: string | URL, limit: number = READ_LIMIT): Promise<Uint8Array<ArrayBuffer>> {
  const name = `${path}`;
  if (name.includes("\0")) throw new UnreadableFile(path, "not a file name");
  return await withFile(path, async (readable) => {
    const reader = readable.getReader();
    const { value: start = new Uint8Array() } = await reader.read();
    reader.releaseLock();
    const gzip = start[0] === 0x1f && start[1] === 0x8b;
    if (name.endsWith(".gz") && !gzip) throw new UnreadableFile(path, "not a gzip file");
    const packed = streamOf(rejoined(start, readable));
    return await collect(gzip ? packed.pipeThrough(new DecompressionStream("gzip")) : packed, path, limit);
  });
}

/**
 * Reads a file without unpacking it.
 *
 * @param path The file.
 * @param limit Largest size in bytes.
 * @returns The contents.
 * @throws {UnreadableFile} If the file is missing, a folder or too large.
 */
export async function readPacked(path: string | URL, limit: number = READ_LIMIT): Promise<Uint8Array<ArrayBuffer>> {
  if (`${path}`.includes("\0")) throw new UnreadableFile(path, "not a file name");
  return await withFile(path, (readable) => collect(readable, path, limit));
}

/** What can be read once, from its beginning. */
type Readable = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Opens a file and closes it whatever happens: without `using`, which browsers before 2025 cannot parse. */
async function withFile<T>(path: string | URL, use: (readable: Readable) => Promise<T>): Promise<T> {
  return await reasoned(path, async () => {
    if (typeof path !== "string" && path.protocol !== "file:") return await use(await fetched(path));
    const file = await Deno.open(path);
    try {
      return await use(file.readable);
    } finally {
      file[Symbol.dispose](); // a file that was read to its end is closed already: `close` would throw
    }
  });
}

async function fetched(url: URL): Promise<Readable> {
  const { ok, status, body } = await fetch(url);
  if (!ok || body === null) throw new UnreadableFile(url, `the server answers ${status}`);
  return body;
}

/** The bytes already read and the rest: a pipe cannot be wound back. */
async function* rejoined(start: Uint8Array<ArrayBuffer>, rest: Readable): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield start;
  yield* chunksOf(rest);
}

/** What a stream holds; not every browser can loop over a stream itself. */
async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

/** A stream of what a generator yields; not every browser has `ReadableStream.from`. */
function streamOf(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>): Readable {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

async function collect(
  stream: Readable,
  path: string | URL,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of chunksOf(stream)) {
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

/** Reasons by the name of the system's error. Names, because a page has no `Deno` whose classes could be compared. */
const REASONS: Readonly<Record<string, string>> = Object.freeze({
  NotFound: "no such file",
  PermissionDenied: "permission denied",
  NotCapable: "Deno lets no program read it that may not do everything; copy it first",
  IsADirectory: "it is a folder",
  NotADirectory: "no such file",
  TypeError: "damaged, cut short or followed by something else",
});

/** Runs an operation on a file and turns what it throws into one line. */
async function reasoned<T>(path: string | URL, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
    throw new UnreadableFile(path, REASONS[name] ?? message);
  }
}
