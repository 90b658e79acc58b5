/**
 * Recorded boots of real kernels, compared with the model.
 *
 * @module
 */

import { fixtureUrl } from "../files/fixtures.ts";
import { readBounded } from "../files/read_bounded.ts";
import { type BootRecord, parseBootRecord } from "./record.ts";
import { replayUnderXen, type XenReplay } from "./under_xen.ts";

export { bootAs, type ModelledBoot } from "./model.ts";
export type { NotedStore } from "./noted_memory.ts";
export { type BootReplay, type Comparison, replayBoot } from "./play.ts";
export type { BootRecord, StoredEntry as RecordedStore } from "./record.ts";
export type { XenReplay } from "./under_xen.ts";

/**
 * Reads the record of a kernel on bare hardware.
 *
 * @param name Its name: a file of `tests/fixtures/boots` without `.jsonl.gz`.
 * @returns The record.
 * @throws {UnreadableFile} If there is no such file.
 */
export async function recordedBoot(name: string): Promise<BootRecord> {
  const url = fixtureUrl(`boots/${name}.jsonl.gz`);
  return parseBootRecord(name, await readBounded(url));
}

/**
 * Replays the record of a kernel under Xen.
 *
 * @param name Its name.
 * @returns Every leaf that it set, beside what `filter-set-pte` makes of it.
 * @throws {UnreadableFile} If there is no such file.
 */
export async function recordedUnderXen(name: string): Promise<XenReplay> {
  return replayUnderXen(name, await readBounded(fixtureUrl(`boots/${name}.jsonl.gz`)));
}
