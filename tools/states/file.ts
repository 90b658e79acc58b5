/**
 * A saved state on disk: a header and, in the same folder, the frames that it names.
 *
 * @module
 */

import { loadState, parseStateHeader, type State } from "../../mod.ts";
import { readBounded } from "../read_bounded.ts";

const HEADER_LIMIT = 0x100_0000;

/**
 * Reads a state.
 *
 * @param path Path of the header.
 * @returns The machine.
 * @throws {UnreadableFile} If a file cannot be read.
 * @throws {RangeError} If its contents make no sense.
 */
export async function readState(path: string): Promise<State> {
  const json = new TextDecoder().decode(await readBounded(path, HEADER_LIMIT));
  const header = parseStateHeader(json);
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const frameData = await readBounded(`${folder}${header.frameData}`, header.frames.length * 4096);
  return await loadState(header, frameData);
}
