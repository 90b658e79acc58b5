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

/** The result of a comparison. */
export interface Comparison {
  /** Operations whose answers were compared. */
  readonly compared: number;
  /** Operations that the probe could not make: it lost the way to the page. */
  readonly skipped: number;
  /** The number of compared operations that the model answers otherwise. Those after the first may follow from it. */
  readonly different: number;
  /** The first of them: the operation and what differs. */
  readonly first?: string;
  /** Whether the live Xen lost a table (`lost_table.ts`) in the last operation looked at: what comes after that means nothing. */
  readonly tableLost: boolean;
}

/** The result of all boots of a run. */
export interface Total extends Omit<Comparison, "tableLost"> {
  /** Boots that ended with a lost table. Xen is booted anew then, and asked the operations that are left. */
  readonly tablesLost: number;
  /** Operations that were left when Xen had been booted often enough. */
  readonly left: number;
}

/** The result of a run. */
export type LockStep =
  /** Debian packages that are not there. */
  | { readonly outcome: "missing"; readonly packages: readonly string[] }
  /** The live Xen did not come to the end of the list: the last lines of its console. */
  | { readonly outcome: "stopped"; readonly console: readonly string[] }
  | {
    readonly outcome: "compared";
    /** Version of the live Xen. */
    readonly version: string;
    /** Time of its runs, boots included. */
    readonly seconds: number;
    /** The count of each return code or fault. */
    readonly answers: ReadonlyMap<string, number>;
    readonly comparison: Total;
  };

/** Boots of one run at most. */
const MAX_BOOTS = 20;

/**
 * Asks both sides `count` random operations. After a lost table Xen is booted anew and goes on with what is left.
 *
 * @param seed The seed of the operations.
 * @param count How many.
 * @param options How to ask.
 * @param ask Who asks Xen.
 * @returns What was found.
 * @throws {RangeError} As `askXen`.
 */
export async function lockStep(
  seed: number,
  count: number,
  options: AskOptions,
  ask: typeof askXen = askXen,
): Promise<LockStep> {
  let ops = randomOps(seed, count);
  let [seconds, version, tablesLost] = [0, "", 0];
  const heard: XenAnswer[] = [];
  const found: Comparison[] = [];
  while (ops.length > 0 && found.length < MAX_BOOTS) {
    const run = await ask(RANDOM_GUEST, ops, options);
    if (run.outcome !== "answered") return run;
    const comparison = compareXen(ops, run.answers, count - ops.length);
    const taken = comparison.compared + comparison.skipped;
    heard.push(...run.answers.slice(0, taken));
    found.push(comparison);
    ops = ops.slice(taken);
    version = run.version;
    seconds += run.seconds;
    tablesLost += comparison.tableLost ? 1 : 0;
  }
  const comparison = { ...totalOf(found), tablesLost, left: ops.length };
  return { outcome: "compared", version, seconds, answers: counted(heard), comparison };
}

/**
 * Compares the live Xen's answers to the operations on the random guest with the model's, up to a table that Xen loses.
 *
 * @param ops The operations.
 * @param answers Xen's answers.
 * @param before Operations of the run that came before these.
 * @returns What was found.
 */
export function compareXen(ops: readonly XenOp[], answers: readonly XenAnswer[], before = 0): Comparison {
  const text = ops.map((op, i) => JSON.stringify({ ...op, ...answers[i] }) + "\n").join("");
  const guest = pv64Guest();
  let [compared, skipped, different, tableLost] = [0, 0, 0, false];
  let first: string | undefined;
  for (const line of parseRecording("the live Xen", new TextEncoder().encode(text))) {
    if (line.answer.skipped) {
      skipped++;
      continue;
    }
    const ours = answerTo(guest, line);
    const difference = differenceOf(line.answer, ours, false);
    if (difference !== undefined && different++ === 0) {
      first = `${difference} in operation ${before + line.number}, ${JSON.stringify(ops[line.number - 1])}`;
    }
    compared++;
    tableLost = losesTable(ours.log ?? []);
    if (tableLost) break;
  }
  return { compared, skipped, different, tableLost, ...(first === undefined ? {} : { first }) };
}

function totalOf(found: readonly Comparison[]): Omit<Comparison, "tableLost"> {
  const sum = (field: "compared" | "skipped" | "different") => found.reduce((total, each) => total + each[field], 0);
  const first = found.find(({ first }) => first !== undefined)?.first;
  return {
    compared: sum("compared"),
    skipped: sum("skipped"),
    different: sum("different"),
    ...(first === undefined ? {} : { first }),
  };
}

function counted(answers: readonly XenAnswer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rc, fault, skipped } of answers) {
    const name = skipped ? "skipped" : rc === undefined ? `fault ${fault ?? "none"}` : `${rc}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}
