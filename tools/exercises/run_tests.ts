/**
 * Runs the tests of exercises in a process of their own, which an endless loop cannot outlive.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import config from "../../deno.json" with { type: "json" };
import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { standInOptions } from "../offline/stand_in_options.ts";
import { readJunit, type TestCase } from "./junit.ts";

/** How a run ended. */
export type TestRun =
  | {
    /** The tests ran. Those of a file that threw at its top are missing. */
    readonly kind: "ran";
    readonly cases: readonly TestCase[];
    /** What was said beside the report. */
    readonly said: string;
  }
  | {
    /** They did not: the code does not compile, or throws before the first test. */
    readonly kind: "broken";
    readonly said: string;
  }
  | {
    /** They did not end in time, or were not wanted any more. */
    readonly kind: "stopped";
  };

/** What a run needs to know. */
export interface RunOptions {
  /** Milliseconds until it is stopped. */
  readonly limit: number;
  /** Stops it earlier. */
  readonly signal?: AbortSignal;
  /** More options for `deno test`. */
  readonly options?: readonly string[];
  /** Options that say where `@std` comes from; found out if not given. */
  readonly standIns?: readonly string[] | undefined;
}

let foundOut: Promise<string[]> | undefined;

/**
 * Runs test files.
 *
 * @param paths Test files.
 * @param options Time limit and the like.
 * @returns How it ended. File names in it are relative to the project.
 */
export async function runTests(
  paths: readonly string[],
  { limit, signal, options = [], standIns }: RunOptions,
): Promise<TestRun> {
  const std = standIns ?? await (foundOut ??= standInOptions(config, ROOT));
  const stop = AbortSignal.any([AbortSignal.timeout(limit), ...(signal === undefined ? [] : [signal])]);
  const { out, err } = await denoTest([...std, ...options, "--reporter=junit", ...paths], stop);
  if (stop.aborted) return { kind: "stopped" };
  const cases = readJunit(out);
  if (cases.length > 0) return { kind: "ran", cases, said: err };
  if (err !== "") return { kind: "broken", said: err };
  // The report has no room for what is thrown outside tests; the reporter for people has.
  const again = await denoTest([...std, ...options, ...paths], stop);
  return stop.aborted ? { kind: "stopped" } : { kind: "broken", said: uncaught(again.out) };
}

/** Runs `deno test` until it ends or is stopped. */
async function denoTest(args: readonly string[], stop: AbortSignal): Promise<{ out: string; err: string }> {
  const { out, err } = await runDeno(
    ["test", "-q", "--no-prompt", `--allow-read=${fileURLToPath(ROOT)}`, ...args],
    { env: { NO_COLOR: "1", RUST_BACKTRACE: "0" }, stop },
  );
  return { out, err: plain(err) };
}

const NOISE = /\n*(?:error: (?:Test failed|Type checking failed\.?)|\s*(?:info|hint): .*)$/gm;

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(ROOT.href, "").replace(NOISE, "").trim();
}

/** The error in what the reporter for people says of a file that throws at its top. */
function uncaught(text: string): string {
  const [, error] = /\nerror: ([^]*?)\nThis error was not caught/.exec(plain(text)) ?? [];
  return error?.replace(/^\(in promise\) /, "") ?? "The file has no test, or throws before the first.";
}
