/**
 * Recorded answers: one JSON object a line, an operation and its answer, gzip around it.
 *
 * @module
 */
import type { RecordedOp } from "./op.ts";

/** A line of a file of claims: `claim` says what it shows. */
export type RecordedClaim = RecordedOp & { readonly claim?: string };

/** Writes lines to a file. */
export async function writeRecorded(path: string | URL, lines: readonly RecordedClaim[]): Promise<void> {
  const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(path, packed);
}

/** Reads a file of our own making. Throws SyntaxError for a line that is not JSON. */
export async function readRecorded(path: string | URL): Promise<RecordedClaim[]> {
  const packed = new Blob([await Deno.readFile(path)]).stream();
  const text = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}
