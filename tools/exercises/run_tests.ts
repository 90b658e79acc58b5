/**
 * Runs the tests of exercises in a process of their own, which an endless loop cannot outlive.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import config from "../../deno.json" with { type: "json" };
import { standInOptions } from "../offline/stand_in_options.ts";
import { readJunit, type TestCase } from "./junit.ts";

const ROOT: URL = new URL("../../", import.meta.url);
const MOST_OUTPUT = 2 ** 22; // characters

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
}

let standIns: Promise<string[]> | undefined;

/**
 * Runs test files.
 *
 * @param path A test file, or a folder with some.
 * @param options Time limit and the like.
 * @returns How it ended. File names in it are relative to the project.
 */
export async function runTests(path: string, { limit, signal, options = [] }: RunOptions): Promise<TestRun> {
  standIns ??= standInOptions(config, ROOT);
  const root = fileURLToPath(ROOT);
  const flood = new AbortController();
  const stop = AbortSignal.any([AbortSignal.timeout(limit), flood.signal, ...(signal === undefined ? [] : [signal])]);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-q",
      "--no-prompt",
      `--allow-read=${root}`,
      "--reporter=junit",
      ...await standIns,
      ...options,
      path,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const kill = () => ended(() => child.kill("SIGKILL"));
  stop.addEventListener("abort", kill);
  if (stop.aborted) kill();
  const [out, said] = await Promise.all([child.stdout, child.stderr].map((stream) => readText(stream, flood)));
  await child.status;
  stop.removeEventListener("abort", kill);
  return stop.aborted ? { kind: "stopped" } : resultOf(out ?? "", said ?? "");
}

/** Reads a stream to its end. A loop that prints is stopped before it fills the memory. */
async function readText(stream: ReadableStream<Uint8Array>, flood: AbortController): Promise<string> {
  const text = new TextDecoder();
  let read = "";
  for await (const bytes of stream) {
    if (read.length < MOST_OUTPUT) read += text.decode(bytes, { stream: true });
    else flood.abort();
  }
  return read;
}

/** A child that has just ended cannot be killed: no harm. */
function ended(kill: () => void): void {
  try {
    kill();
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

const NOISE = /\n*(?:error: (?:Test failed|Type checking failed\.?)|\s*(?:info|hint): .*)$/gm;

function resultOf(out: string, stderr: string): TestRun {
  const said = stripVTControlCharacters(stderr).replaceAll(ROOT.href, "").replace(NOISE, "").trim();
  const cases = readJunit(out);
  return cases.length === 0 ? { kind: "broken", said } : { kind: "ran", cases, said };
}
