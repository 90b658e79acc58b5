/**
 * Any step of a recording. These functions also run in a browser, as text of their own, so they use only each other.
 *
 * @module
 */

import type { Recording } from "./recording.ts";
import { unpackRows } from "./rows.ts";

/** A recording with its rows unpacked. */
export interface OpenRecording extends Omit<Recording, "writes" | "map" | "frames" | "totals"> {
  readonly writes: Int32Array;
  readonly map: Int32Array;
  readonly frames: Int32Array;
  readonly totals: readonly { readonly name: string; readonly rows: Int32Array }[];
}

/** The state after a step. */
export interface StepState {
  /** For each page of lowmem the number of its state. */
  readonly pages: Uint16Array;
  /** The number of the type of each page of the guest; empty without a hypervisor that counts types. */
  readonly frames: Uint16Array;
  /** The totals, in the order of the recording. */
  readonly totals: readonly number[];
  /** The log so far. */
  readonly log: readonly string[];
}

/** Unpacks the rows of a recording. */
export function openRecording(recording: Recording): OpenRecording {
  return {
    ...recording,
    writes: unpackRows(recording.writes, 9),
    map: unpackRows(recording.map, 4),
    frames: unpackRows(recording.frames, 3),
    totals: recording.totals.map(({ name, rows }) => ({ name, rows: unpackRows(rows, 2) })),
  };
}

/** Integers that hold for each page from the last row on that is not later than a step. */
export function fillUntil(rows: Int32Array, width: number, step: number, pages: Uint16Array): Uint16Array {
  for (let at = 0; at < rows.length && (rows[at] as number) <= step; at += width) {
    const first = rows[at + 1] as number;
    pages.fill(rows[at + width - 1] as number, first, first + (width === 4 ? rows[at + 2] as number : 1));
  }
  return pages;
}

/** The value of the last row that is not later than a step; 0 before the first. */
export function valueAt(rows: Int32Array, step: number): number {
  let value = 0;
  for (let at = 0; at < rows.length && (rows[at] as number) <= step; at += 2) value = rows[at + 1] as number;
  return value;
}

/** Computes the state after a step, 0 to the last. */
export function stateAt(open: OpenRecording, step: number): StepState {
  const { pages, map, frames, totals, log } = open;
  let guestPages = 0;
  for (let at = 1; at < frames.length; at += 3) guestPages = Math.max(guestPages, (frames[at] as number) + 1);
  return {
    pages: fillUntil(map, 4, step, new Uint16Array(pages)),
    frames: fillUntil(frames, 3, step, new Uint16Array(guestPages)),
    totals: totals.map(({ rows }) => valueAt(rows, step)),
    log: log.filter((line) => line.step <= step).map(({ text }) => text),
  };
}
