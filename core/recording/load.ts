/**
 * Loads a recording from the bytes of its file.
 *
 * @module
 */

import { instance } from "../check.ts";
import { decodeBootRecord, isBootRecord } from "./boot_record.ts";
import { decodeRecording } from "./decode.ts";
import { Recording } from "./recording.ts";

/** Maximum bytes of an unpacked recording: 1 GiB. */
const MAX_BYTES = 2 ** 30;

/**
 * Loads a recording: one that `deno task record` wrote, or a list of the writes of a kernel's boot as JSON lines (`tests/fixtures/boots`).
 *
 * @param bytes The file, packed by gzip or not.
 * @returns The recording, up to its last complete operation; `end` is undefined if it was cut short.
 * @throws {RangeError} With a message of one line, if the bytes are not a recording or contradict themselves.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadRecording } from "@pagetable-init/textbook/recording";
 *
 * const lines = [
 *   { kind: "page-table writes of a real kernel", kernel: "2.6.20", memory_mb: 16, mode: "two-level", cr0: "0x80010001", cr3: "0x1000", cr4: "0x0", efer: "0x0", roots: ["0x1000"], tables: { "0x1": 2, "0x2": 1 } },
 *   { n: 10, who: "head.S", pc: "0x100010", linear: "0x1000", frame: 1, index: 768, value: "0x2067" },
 *   { n: 11, who: "set_pte", pc: "0xc0100020", linear: "0xc0002000", frame: 2, index: 0, value: "0x67", count: 3, step: "0x1000" },
 * ];
 * const recording = await loadRecording(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")));
 * assertEquals([...recording.trace].map(({ op, index }) => `${op} ${index}`), ["head.S 768", "set_pte 0", "set_pte 1", "set_pte 2"]);
 * assertEquals(recording.at(2).machine.memory.read(2, 0), 0x67);
 * ```
 */
export async function loadRecording(bytes: Uint8Array): Promise<Recording> {
  instance(Uint8Array, "the bytes of a recording")(bytes, "bytes");
  const unpacked = bytes[0] === 0x1f && bytes[1] === 0x8b ? await unpack(bytes) : bytes;
  return new Recording(isBootRecord(unpacked) ? decodeBootRecord(unpacked) : decodeRecording(unpacked));
}

/** Unpacks a gzip file; one that was cut short gives the bytes before the cut. */
async function unpack(bytes: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const unpacked = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = unpacked.getReader(); // not every browser can loop over a stream itself
  try {
    for (;;) {
      const { value: chunk, done } = await reader.read();
      if (done) break;
      size += chunk.length;
      if (size > MAX_BYTES) {
        await reader.cancel();
        throw new RangeError(`Expected a recording of at most ${MAX_BYTES} bytes but found a larger one`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
