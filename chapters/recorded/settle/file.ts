/**
 * Recorded answers: one JSON object a line, an operation and its answer, gzip around it.
 *
 * @module
 */
import { readBounded } from "../files/read_bounded.ts";
import type { RecordedOp } from "./op.ts";

/** A line of a file of claims: `claim` says what it shows. */
export type RecordedClaim = RecordedOp & { readonly claim?: string };

/** Reads a file of our own making. Throws SyntaxError for a line that is not JSON. */
export async function readRecorded(path: string | URL): Promise<RecordedClaim[]> {
  const text = new TextDecoder().decode(await readBounded(path));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}
