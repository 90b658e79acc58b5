/**
 * A state of a machine or a recording from the reader's disk: the audit, in the words of `deno task audit`. Nothing leaves the browser.
 *
 * @module
 */

import { addressMap } from "../../../chapters/figures/address_map.ts";
import { writersOverTime } from "../../../chapters/figures/writers_over_time.ts";
import { pagingMoment } from "../../../chapters/recorded/files/recording.ts";
import { audit, type TablesAudit } from "../../../core/audit/mod.ts";
import type { ReadState } from "../../../chapters/recorded/files/state.ts";
import { loadState, parseStateHeader } from "../../../core/dump/mod.ts";
import { loadRecording } from "../../../core/recording/mod.ts";
import { tablesOf } from "../../../core/tables/mod.ts";
import { auditText } from "../../states/report.ts";
import { reportedOf } from "../../states/reported.ts";
import type { Drawn } from "../figures/control.ts";

/** A file of the reader's. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Audits what was dropped.
 *
 * @param files A state's header and its frames, or a recording.
 * @param moment Where to stop a recording: a step or what `stepOf` reads; its end if empty.
 * @returns The audit as text, and a map.
 * @throws {RangeError} If the files are neither.
 */
export async function auditDropped(files: readonly DroppedFile[], moment: string): Promise<Drawn[]> {
  const header = files.find(({ name }) => name.endsWith(".json"));
  return header === undefined ? await auditRecording(files, moment) : await auditState(header, files);
}

async function auditState(file: DroppedFile, files: readonly DroppedFile[]): Promise<Drawn[]> {
  const header = parseStateHeader(new TextDecoder().decode(file.bytes));
  const frames = files.find(({ name }) => name === header.frameData);
  if (frames === undefined) {
    const names = files.map(({ name }) => name).join(", ");
    throw new RangeError(`Expected ${header.frameData} beside ${file.name} but found ${names}: drop both together`);
  }
  const state = await loadState(header, await unpacked(frames.bytes));
  return [textOf(state, audit(state)), addressMap(tablesOf(state.machine), file.name)];
}

async function auditRecording(files: readonly DroppedFile[], words: string): Promise<Drawn[]> {
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new RangeError(`Expected a state (a .json and its frames) or one recording but found ${files.length} files`);
  }
  const recording = await loadRecording(file.bytes);
  const moment = pagingMoment(recording, words === "" ? "end" : words);
  const text = textOf(moment, audit(moment));
  return [
    text,
    addressMap(tablesOf(moment.machine), `${file.name} at step ${moment.step}`),
    writersOverTime(recording),
  ];
}

function textOf(state: ReadState, found: TablesAudit): string {
  return auditText(reportedOf({ state, assumed: [] }, found));
}

/** Bytes that a page is willing to unpack. */
const MAX_UNPACKED = 512 * 2 ** 20;

/** The bytes, unpacked if they are packed with gzip. */
async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = stream.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if ((size += read.value.length) > MAX_UNPACKED) {
      throw new RangeError("Expected at most 512 MiB unpacked but found more");
    }
    parts.push(read.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
