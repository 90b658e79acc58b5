/**
 * The verdict of the tests on an exercise as it stands.
 *
 * @module
 */

import type { TestRun } from "../exercises/run_tests.ts";

/** One test, in words. */
export interface Line {
  readonly name: string;
  /** Why it failed; empty if it passed. */
  readonly message: string;
}

/** The verdict of the tests. */
export type Verdict =
  | { readonly kind: "passed"; readonly lines: readonly Line[] }
  | { readonly kind: "failed"; readonly lines: readonly Line[] }
  | { readonly kind: "broken"; readonly said: string }
  | { readonly kind: "endless"; readonly said: string };

/** Seconds of processor time that an exercise may take: twenty times what the slowest one needs, whatever else the machine does. */
export const CPU_SECONDS = 20;
/** Milliseconds of the wall clock, for what waits and does nothing. */
export const LIMIT = 600_000;

/**
 * The verdict of a run.
 *
 * @param run How the tests ended.
 * @returns What they say.
 */
export function verdictOf(run: TestRun): Verdict {
  if (run.kind === "stopped") {
    return {
      kind: "endless",
      said: `The tests did not end within ${CPU_SECONDS} seconds of work, or ${
        LIMIT / 60_000
      } minutes of waiting. Is there an endless loop?`,
    };
  }
  if (run.kind === "broken") return { kind: "broken", said: run.said };
  const lines = run.cases.map(({ name, failure }) => ({
    name,
    message: failure === undefined ? "" : inWords(failure),
  }));
  return { kind: lines.every(({ message }) => message === "") ? "passed" : "failed", lines };
}

/** The message without the words that every assertion begins with. */
function inWords({ error, message }: { readonly error: string; readonly message: string }): string {
  const said = message.replace(/^Values are not (?:strictly )?equal(?:: |\.)/, "")
    .replace(/^ *\[Diff\] Actual \/ Expected$/m, "- yours  + expected").replace(/\n{2,}/g, "\n").trim();
  return error === "AssertionError" ? said : `${error}: ${said}`;
}
