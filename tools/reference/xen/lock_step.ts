/**
 * The live Xen and the emulated hypervisor in lock step: both do the same operations, and the answers are compared.
 *
 * @module
 */
import { pv64Guest } from "../../../chapters/recorded/hypercalls/guest.ts";
import { parseRecording } from "../../../chapters/recorded/hypercalls/operation.ts";
import { answerTo, differenceOf } from "../../../chapters/recorded/hypercalls/play.ts";
import { type AskOptions, askXen } from "./ask.ts";
import { RANDOM_GUEST } from "../../../chapters/recorded/settle/guest.ts";
import { losesTable } from "./lost_table.ts";
import type { XenAnswer, XenOp } from "../../../chapters/recorded/settle/op.ts";
import { randomOps } from "./random_ops.ts";

/** What a comparison found. */
export interface Comparison {
  /** Operations whose answers were compared. */
  readonly compared: number;
  /** How many of them the model answers otherwise. Those after the first may follow from it. */
  readonly different: number;
  /** The first of them: the operation and what differs. */
  readonly first?: string;
  /** Whether the live Xen has lost a table (`lost_table.ts`): what comes after that is not compared. */
  readonly tableLost: boolean;
}

/** What a run found. */
export type LockStep =
  /** Debian packages that are not there. */
  | { readonly outcome: "missing"; readonly packages: readonly string[] }
  /** The live Xen did not come to the end of the list: the last lines of its console. */
  | { readonly outcome: "stopped"; readonly console: readonly string[] }
  | {
    readonly outcome: "compared";
    /** Version of the live Xen. */
    readonly version: string;
    /** Time of its run, its boot included. */
    readonly seconds: number;
    /** How often it gave each return code or fault. */
    readonly answers: ReadonlyMap<string, number>;
    readonly comparison: Comparison;
  };

/** Asks both sides `count` random operations. Throws as `askXen` does. */
export async function lockStep(seed: number, count: number, options: AskOptions): Promise<LockStep> {
  const ops = randomOps(seed, count);
  const run = await askXen(RANDOM_GUEST, ops, options);
  if (run.outcome !== "answered") return run;
  const { answers, version, seconds } = run;
  return { outcome: "compared", version, seconds, answers: counted(answers), comparison: compareXen(ops, answers) };
}

/** Compares the live Xen's answers to the operations on the random guest with the model's. */
export function compareXen(ops: readonly XenOp[], answers: readonly XenAnswer[]): Comparison {
  const text = ops.map((op, i) => JSON.stringify({ ...op, ...answers[i] }) + "\n").join("");
  const guest = pv64Guest();
  let different = 0;
  let first: string | undefined;
  for (const line of parseRecording("the live Xen", new TextEncoder().encode(text))) {
    if (line.answer.skipped) continue;
    const ours = answerTo(guest, line);
    const difference = differenceOf(line.answer, ours, false);
    if (difference !== undefined && different++ === 0) {
      first = `${difference} in operation ${line.number}, ${JSON.stringify(ops[line.number - 1])}`;
    }
    if (losesTable(ours.log ?? [])) return found(line.number, different, first, true);
  }
  return found(ops.length, different, first, false);
}

function found(compared: number, different: number, first: string | undefined, tableLost: boolean): Comparison {
  return { compared, different, tableLost, ...(first === undefined ? {} : { first }) };
}

function counted(answers: readonly XenAnswer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rc, fault, skipped } of answers) {
    const name = skipped ? "skipped" : rc === undefined ? `fault ${fault ?? "none"}` : `${rc}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}
