/**
 * The emulated hypervisor and the real one, side by side.
 *
 * @module
 */

import { count } from "../../figures/count.ts";
import type { RecordedOp, XenAnswer } from "./op.ts";
import { columns } from "../../shown/columns.ts";
import { operation } from "./answers.ts";
import type { Exported } from "./export.ts";
import { firstDifference, firstRefused } from "./model.ts";

/** One row of the table. */
export interface Verdict {
  /** Id of the question. */
  readonly id: string;
  /** Operations that the kernel did. */
  readonly operations: number;
  /** The operation at which it was refused or gave up. */
  readonly refusedAt: string;
  /** The emulated hypervisor's answer to it. */
  readonly model: string;
  /** The real one's answer to it. */
  readonly xen: string;
  /** The first answer or operation that differs; undefined if none does. */
  readonly difference: string | undefined;
}

/**
 * Compares.
 *
 * @param exported A boot, with the answers that its hypervisor gave.
 * @param lines The operations, with the answers of the real one.
 * @returns The row.
 */
export function verdictOf(exported: Exported, lines: readonly RecordedOp[]): Verdict {
  const { question, outcome } = exported;
  const [ours, theirs] = [firstRefused(exported.lines), firstRefused(lines)];
  const gaveUp = !outcome.ok && ours === 0 ? `by itself: ${outcome.stop.kind}` : "nowhere";
  return {
    id: question.id,
    operations: exported.lines.length,
    refusedAt: ours === 0 ? gaveUp : described(ours, exported),
    model: said(ours, ours, exported.lines[ours - 1]),
    xen: said(theirs, ours, lines[theirs - 1]),
    difference: differenceOf(exported, lines),
  };
}

/** The operations must be the same, and so must the answers: those of the boot, and those of the model on the machine of the live Xen. */
function differenceOf(exported: Exported, lines: readonly RecordedOp[]): string | undefined {
  if (lines.length !== exported.lines.length) return `${exported.lines.length} operations, on record ${lines.length}`;
  for (const [i, ours] of exported.lines.entries()) {
    const theirs = lines[i];
    if (theirs === undefined || JSON.stringify(operation(theirs)) !== JSON.stringify(operation(ours))) {
      return `operation ${i + 1} is ${JSON.stringify(ours)}, on record ${JSON.stringify(theirs)}`;
    }
    if (answerOf(ours) !== answerOf(theirs)) return `operation ${i + 1}: ${answerOf(ours)}, Xen's ${answerOf(theirs)}`;
  }
  const found = firstDifference(exported, lines);
  return found === undefined ? undefined : `operation ${found.number}: ${found.what}`;
}

/** The refused operation is the last one. */
function described(number: number, { lines, lastLevel }: Exported): string {
  const line = lines[number - 1];
  if (line === undefined || !("frame" in line)) return `${number}: ${line?.op}`;
  return `${number}: ${line.op} of ${line.frame}${lastLevel === 0 ? "" : `, an L${lastLevel},`} with ${line.flags}`;
}

function said(number: number, expected: number, line: XenAnswer | undefined): string {
  if (number === 0 || line === undefined) return "not refused";
  return answerOf(line) + (number === expected ? "" : ` at ${number}`);
}

function answerOf({ rc, fault }: XenAnswer): string {
  if (rc !== undefined) return `${rc}`;
  return fault === null || fault === undefined ? "no fault" : fault.startsWith("#") ? fault : `#PF ${fault}`;
}

/**
 * The table as text.
 *
 * @param verdicts The rows.
 * @returns Lines.
 */
export function table(verdicts: readonly Verdict[]): string[] {
  const head = ["strategy", "operations", "refused at", "model says", "Xen says"];
  const rows = verdicts.map(({ id, operations, refusedAt, model, xen }) => {
    return [id, count(operations), refusedAt, model, xen];
  });
  return columns([head, ...rows], { right: [1] });
}
