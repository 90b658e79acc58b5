/**
 * The recorded answers of Xen.
 *
 * @module
 */

import type { RecordedOp, XenOp } from "./op.ts";
import { readRecorded } from "./file.ts";
import { fixtureUrl } from "../files/fixtures.ts";
import type { Exported } from "./export.ts";

/** Name of the file with the template's page tables, which are the same for all boots. */
export const TEMPLATE = "template";

/** The last recorded answers of Xen. Throws UnreadableFile if none are on record. */
export async function readAnswers({ question }: Exported): Promise<RecordedOp[]> {
  return await readRecorded(fixture(question.id));
}

/** The tables on record, as writes. */
export async function readTemplate(): Promise<XenOp[]> {
  return (await readRecorded(fixture(TEMPLATE))).map(operation);
}

/**
 * A line without its answer.
 *
 * @param line An operation and an answer.
 * @returns The operation.
 */
export function operation({ rc: _rc, fault: _fault, pte_flags: _flags, entry: _entry, ...op }: RecordedOp): XenOp {
  return op;
}

/** The file of a boot by its id. */
export function fixture(id: string): URL {
  return fixtureUrl(`xen/settle/${id}.jsonl.gz`);
}
