/**
 * A recording on disk, and a moment of it as a state.
 *
 * @module
 */

import { loadRecording, type Moment, type Recording, stepOf } from "../../../core/recording/mod.ts";
import { readPacked } from "./read_bounded.ts";

/**
 * Reads a recording.
 *
 * @param path The file.
 * @returns The recording, up to where it is whole.
 * @throws {UnreadableFile} If the file cannot be read.
 * @throws {RangeError} If it is no recording.
 */
export async function readRecording(path: string | URL): Promise<Recording> {
  return await loadRecording(await readPacked(path));
}

/** A moment of a recording at which paging is on, so that it is a state. */
export type PagingMoment = Moment & { readonly header: { readonly mode: NonNullable<Moment["header"]["mode"]> } };

/**
 * Reads a moment of a recording.
 *
 * @param path `FILE@STEP`, where the step is what `stepOf` reads.
 * @returns The moment; undefined if the path has no `@`.
 * @throws {UnreadableFile} If the file cannot be read.
 * @throws {RangeError} If it is no recording, there is no such moment, or paging is off then.
 */
export async function readMoment(path: string): Promise<PagingMoment | undefined> {
  const at = path.lastIndexOf("@");
  if (at <= 0) return undefined;
  return pagingMoment(await readRecording(path.slice(0, at)), path.slice(at + 1));
}

/**
 * A moment of a recording at which paging is on.
 *
 * @param recording The recording.
 * @param words The step, as `stepOf` reads it.
 * @returns The moment.
 * @throws {RangeError} If there is no such moment, or paging is off then.
 */
export function pagingMoment(recording: Recording, words: string): PagingMoment {
  const moment = recording.at(stepOf(recording, words));
  if (isPaging(moment)) return moment;
  const first = firstPaging(recording);
  const hint = first === undefined ? "it never is in this recording" : `it is on from @${first}`;
  throw new RangeError(
    `Expected a moment at which paging is on but found step ${moment.step}, at which it is off; ${hint}`,
  );
}

function isPaging(moment: Moment): moment is PagingMoment {
  return moment.header.mode !== undefined;
}

function firstPaging(recording: Recording): number | undefined {
  const on = recording.events.find((event) =>
    event.kind === "register" && event.register === "cr0" && event.value.lo >= 2 ** 31
  );
  return on?.step;
}
