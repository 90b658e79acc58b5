/**
 * The live Xen and the emulated hypervisor in lock step: both do the same operations, and the answers are compared.
 *
 * @module
 */
import { parseRecording } from "../../../tools/replay_xen/operation.ts";
import { replayXen } from "../../../tools/replay_xen/play.ts";
import { type AskOptions, askXen } from "./ask.ts";
import { RANDOM_GUEST } from "./guest.ts";
import type { XenAnswer, XenOp } from "./op.ts";
import { randomOps } from "./random_ops.ts";

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
    /** Operations that the model answers otherwise. Those after the first may follow from it. */
    readonly different: number;
    /** The first of them: the operation and what differs. */
    readonly first?: string;
  };

/** Asks both sides `count` random operations. Throws as `askXen` does. */
export async function lockStep(seed: number, count: number, options: AskOptions): Promise<LockStep> {
  const ops = randomOps(seed, count);
  const run = await askXen(RANDOM_GUEST, ops, options);
  if (run.outcome !== "answered") return run;
  const { answers, version, seconds } = run;
  const text = ops.map((op, i) => JSON.stringify({ ...op, ...answers[i] }) + "\n").join("");
  const { failed, differences } = replayXen(parseRecording("the live Xen", new TextEncoder().encode(text)));
  const first = firstDifference(ops, differences);
  return {
    outcome: "compared",
    version,
    seconds,
    answers: counted(answers),
    different: failed,
    ...(first === undefined ? {} : { first }),
  };
}

/** Adds the operation to the line that says what differs. */
function firstDifference(ops: readonly XenOp[], [line]: readonly string[]): string | undefined {
  if (line === undefined) return undefined;
  const number = Number(/^line (\d+)/.exec(line)?.[1]);
  return `${line} in ${JSON.stringify(ops[number - 1])}`;
}

function counted(answers: readonly XenAnswer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rc, fault, skipped } of answers) {
    const name = skipped ? "skipped" : rc === undefined ? `fault ${fault ?? "none"}` : `${rc}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}
