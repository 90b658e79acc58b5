/**
 * What Xen once answered, read and written.
 *
 * @module
 */

import type { RecordedOp, XenOp } from "./op.ts";
import { readRecorded, writeRecorded } from "./file.ts";
import type { Exported } from "./export.ts";

const TEMPLATE = "template";
const FIXTURES = new URL("../../../tests/fixtures/xen/settle/", import.meta.url);

/** What Xen answered when it was last recorded. Throws Deno.errors.NotFound where nothing is on record. */
export async function readAnswers({ question }: Exported): Promise<RecordedOp[]> {
  return await readRecorded(fixture(question.id));
}

/** Records what Xen answered, and the tables that the kernel woke up on, which are the same for all. */
export async function writeAnswers({ question, machine }: Exported, lines: readonly RecordedOp[]): Promise<void> {
  await Deno.mkdir(FIXTURES, { recursive: true });
  await writeRecorded(fixture(TEMPLATE), machine.template.map((op) => ({ ...op, rc: 0 })));
  await writeRecorded(fixture(question.id), lines);
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

function fixture(id: string): URL {
  return new URL(`${id}.jsonl.gz`, FIXTURES);
}
