/**
 * A saved state on disk: a header and, in the same folder, the frames that it names.
 *
 * @module
 */

import { loadState, parseStateHeader, type State } from "../../../core/dump/mod.ts";
import { readBounded, UnreadableFile } from "./read_bounded.ts";
import { type PagingMoment, readMoment } from "./recording.ts";

/** 65,536 frame numbers, the most that a header may have, take 1.2 MB. */
const HEADER_LIMIT = 0x40_0000;

/** The source of a state: a file of its own, or a moment of a recording. */
export type ReadState = State | PagingMoment;

/**
 * Reads a state, or a moment of a recording.
 *
 * @param path Path of a state's header, `FILE@STEP` (`readMoment`), or a recording: its end.
 * @returns The machine.
 * @throws {UnreadableFile} If a file cannot be read.
 * @throws {RangeError} If its contents make no sense.
 */
export async function readStateOrMoment(path: string): Promise<ReadState> {
  const isFile = await Deno.stat(path).then(({ isFile }) => isFile, () => false);
  return isFile ? await readStateOrEnd(path) : await readMoment(path) ?? await readState(path);
}

/** A recording without a moment is its end. */
async function readStateOrEnd(path: string): Promise<ReadState> {
  try {
    return await readState(path);
  } catch (error) {
    const end = await readMoment(`${path}@end`).catch(() => undefined);
    if (end === undefined) throw error;
    return end;
  }
}

/**
 * Reads a state.
 *
 * @param path Path of the header, or its URL.
 * @returns The machine.
 * @throws {UnreadableFile} If a file cannot be read.
 * @throws {RangeError} If its contents make no sense.
 */
export async function readState(path: string | URL): Promise<State> {
  const json = new TextDecoder().decode(await readBounded(path, HEADER_LIMIT));
  const header = parseStateHeader(json);
  const frames = besides(path, header.frameData);
  if (typeof frames === "string") await refuseLink(frames);
  const frameData = await readBounded(frames, header.frames.length * 4096);
  return await loadState(header, frameData);
}

/** A file in the same folder. */
function besides(path: string | URL, name: string): string | URL {
  if (typeof path !== "string") return new URL(name, path);
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1) + name;
}

/** The name comes from the untrusted header, so it must not lead to another folder or to a pipe that never ends. */
async function refuseLink(path: string): Promise<void> {
  const found = await Deno.lstat(path).catch(() => undefined);
  if (found && !found.isFile) throw new UnreadableFile(path, "not a plain file");
}
