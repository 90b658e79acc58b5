/**
 * Boots of real kernels as recordings: machines in time.
 *
 * @module
 */

import { type Blame, blame, formatWriter, type Recording } from "../../../core/recording/mod.ts";
import { type Address, formatFlags } from "../../../core/mmu/mod.ts";
import { fixtureUrl } from "../files/fixtures.ts";
import { readRecording } from "../files/recording.ts";

/**
 * Reads the boot of a real kernel as a recording.
 *
 * @param name Its name: a file of `tests/fixtures/boots` without `.jsonl.gz`.
 * @returns The recording.
 * @throws {UnreadableFile} If there is no such file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recordingOf } from "@pagetable-init/chapters";
 *
 * const recording = await recordingOf("2.6.20-pentium3-64M");
 * assertEquals(recording.at(recording.length).header.mode?.id, "two-level");
 * ```
 */
export async function recordingOf(name: string): Promise<Recording> {
  return await readRecording(fixtureUrl(`boots/${name}.jsonl.gz`));
}

/** A row of `blameRows`, for a table. */
export type BlameRow = {
  readonly write: number;
  readonly who: string;
  readonly entry: string;
  readonly "is now": string;
  readonly "to the address": string;
};

/**
 * The writes that shaped the mapping of an address, as rows of a table.
 *
 * @param recording The recording.
 * @param address Linear address.
 * @returns A row a write.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blameRows, recordingOf } from "@pagetable-init/chapters";
 *
 * const rows = blameRows(await recordingOf("2.6.20-pentium3-64M"), 0xc0100000);
 * assertEquals(rows.at(-1)?.who, "kernel_physical_mapping_init");
 * ```
 */
export function blameRows(recording: Recording, address: Address): BlameRow[] {
  return blame(recording, address).flatMap((row) => row.write === undefined ? [] : [rowOf(row, row.write)]);
}

function rowOf(row: Blame, { step, writer, level, pfn, index, stored }: NonNullable<Blame["write"]>): BlameRow {
  return {
    write: step,
    who: formatWriter(writer),
    entry: `${level?.entry ?? "word"} ${index} of 0x${pfn.toString(16)}`,
    "is now": formatFlags(stored.hi, stored.lo, level),
    "to the address": effectOf(row),
  };
}

function effectOf({ linked, before, after, gained, lost }: Blame): string {
  if (!linked) return "nothing yet";
  if (before.frame < 0 && after.frame >= 0) return "maps it";
  if (before.frame >= 0 && after.frame < 0) return "unmaps it";
  const parts = [
    before.pageBytes === after.pageBytes ? "" : `now by ${after.pageBytes / 2 ** 20} MiB`,
    gained.length > 0 ? `gives ${gained.join(", ")}` : "",
    lost.length > 0 ? `takes ${lost.join(", ")}` : "",
  ];
  return parts.filter((part) => part !== "").join("; ") || "no right changes";
}
