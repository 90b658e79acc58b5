/**
 * The live Xen, asked what a kernel asked of the emulated one, and its answers recorded.
 *
 * @module
 */

import { fixture, operation, TEMPLATE } from "../../chapters/recorded/settle/answers.ts";
import type { Exported } from "../../chapters/recorded/settle/export.ts";
import { machineGuest } from "../../chapters/recorded/settle/guest.ts";
import type { RecordedOp } from "../../chapters/recorded/settle/op.ts";
import { writeRecorded } from "../reference/xen/write_recorded.ts";
import { askXen } from "../reference/xen/ask.ts";

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

/** Records what Xen answered, and the tables that the kernel woke up on. */
export async function writeAnswers({ question, machine }: Exported, lines: readonly RecordedOp[]): Promise<void> {
  await Deno.mkdir(new URL(".", fixture(TEMPLATE)), { recursive: true });
  await writeRecorded(fixture(TEMPLATE), machine.template.map((op) => ({ ...op, rc: 0 })));
  await writeRecorded(fixture(question.id), lines);
}
