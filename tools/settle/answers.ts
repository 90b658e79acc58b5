/**
 * Where Xen's answers come from: the live one, or what it once said.
 *
 * @module
 */

import { askXen } from "../../tests/reference/xen/ask.ts";
import { machineGuest } from "../../tests/reference/xen/guest.ts";
import type { RecordedOp, XenOp } from "../../tests/reference/xen/op.ts";
import { readRecorded, writeRecorded } from "../../tests/reference/xen/recorded.ts";
import type { Exported } from "./export.ts";

const TEMPLATE = "template";
const FIXTURES = new URL("../../tests/fixtures/xen/settle/", import.meta.url);

/**
 * Asks the live Xen.
 *
 * @param exported A boot.
 * @returns Its operations with Xen's answers; where Xen did not come to the end, the last lines of its console.
 * @throws {Error} If the probe does not compile, or packages are missing.
 */
export async function askLive({ machine, lines }: Exported): Promise<RecordedOp[] | { console: readonly string[] }> {
  const ops = lines.map(operation);
  const run = await askXen(machineGuest(machine), ops, { fetch: false });
  if (run.outcome === "missing") throw new Error(`Expected a live Xen but found none: ${run.packages.join(" ")}`);
  if (run.outcome === "stopped") return { console: run.console };
  return ops.map((op, i) => ({ ...op, ...run.answers[i] }));
}

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
