/**
 * Runs the tests of exercises in a process of their own, which an endless loop cannot outlive.
 *
 * @module
 */

import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { type Ended, runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { NAMES } from "../offline/names.ts";
import type { Std } from "../offline/import_map.ts";
import { closedOptions, fetchNames, findStd, type Say } from "../offline/stand_in_options.ts";
import { Ready } from "./ready.ts";
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
    /** They used up their time, or were not wanted any more. */
    readonly kind: "stopped";
  };

/** What a run needs to know. */
export interface RunOptions {
  /** Milliseconds of the wall clock until it is stopped. */
  readonly limit: number;
  /** Seconds of processor time until it is stopped; no limit unless said otherwise, and none where there is no `ps`. */
  readonly cpuSeconds?: number;
  /** Stops it earlier. */
  readonly signal?: AbortSignal;
  /** More options for `deno test`. */
  readonly options?: readonly string[];
  /** Where `@std` comes from; found out if not given, and what exercises import is fetched. */
  readonly std?: Std | undefined;
  /** A process that stands ready for one file whose types are not checked; it is not used if the library was saved since. */
  readonly ready?: Ready | undefined;
  /** Is told what takes long. */
  readonly say?: Say;
}

let foundOut: Promise<Std | { readonly lacks: string }> | undefined;

/** Where `@std` comes from, when all that exercises import is there. */
async function findOut(say: Say): Promise<Std | { readonly lacks: string }> {
  const std = await findStd(NAMES, say);
  const lacks = await fetchNames(NAMES, ROOT, std);
  return lacks === undefined ? std : { lacks };
}

/**
 * Runs test files. They import what the names of the project lead to, files of the project and of their own folder, and nothing else.
 *
 * @param paths Test files.
 * @param options Time limit and the like.
 * @returns How it ended. File names in it are relative to the project.
 */
export async function runTests(
  paths: readonly string[],
  { limit, cpuSeconds, signal, options = [], std, ready, say = () => {} }: RunOptions,
): Promise<TestRun> {
  const closed = await closedRun(paths, std, say);
  if (typeof closed === "string") return { kind: "broken", said: closed };
  const stop = AbortSignal.any([AbortSignal.timeout(limit), ...(signal === undefined ? [] : [signal])]);
  const modules = paths.map((path) => pathToFileURL(path).href); // of a path, `*` and `?` would be a pattern
  if (ready?.isCurrent && modules[0] !== undefined) {
    const { out, err, stopped } = await ready.test(modules[0], { stop, cpuSeconds });
    if (stopped) return { kind: "stopped" };
    const cases = readJunit(out);
    if (cases.length > 0) return { kind: "ran", cases, said: plain(err) };
    // A file that cannot be loaded is loaded again, as the one that is named: then Deno says what is wrong with it.
  }
  const { out, err, stopped } = await denoTest(
    [...closed, ...options, ...REPORT, ...modules],
    stop,
    cpuSeconds,
  );
  if (stopped) return { kind: "stopped" };
  const cases = readJunit(out);
  if (cases.length > 0) return { kind: "ran", cases, said: err };
  if (err !== "") return { kind: "broken", said: err };
  // The report has no room for what is thrown outside tests; the reporter for people has.
  const again = await denoTest([...closed, ...options, ...modules], stop, cpuSeconds);
  return again.stopped ? { kind: "stopped" } : { kind: "broken", said: uncaught(again.out) };
}

/**
 * Starts a process that stands ready for the tests of an exercise.
 *
 * @param path The test file: one in the project stands for all there.
 * @param options `std` and `say` as for `runTests`.
 * @returns It; undefined if what exercises import cannot be had.
 */
export async function makeReady(
  path: string,
  { std, say = () => {} }: Pick<RunOptions, "std" | "say">,
): Promise<Ready | undefined> {
  const closed = await closedRun([path], std, say);
  if (typeof closed === "string") return undefined;
  const read = `--allow-read=.,${dirname(path)}`; // what is imported while a process runs is read
  return new Ready(["-q", "--no-prompt", read, ...closed, "--no-check", ...REPORT], PLAIN);
}

/**
 * Checks the types of test files and of what they import.
 *
 * @param paths Test files.
 * @param options `signal` ends it earlier; `std` and `say` as for `runTests`.
 * @returns What the compiler says; empty if nothing is wrong, or if it was ended.
 */
export async function checkTypes(
  paths: readonly string[],
  { signal, std, say = () => {} }: Pick<RunOptions, "signal" | "std" | "say">,
): Promise<string> {
  const closed = await closedRun(paths, std, say);
  if (typeof closed === "string") return closed;
  const modules = paths.map((path) => pathToFileURL(path).href);
  const { code, err, stopped } = await runDeno(["check", "-q", ...closed, ...modules], { env: PLAIN, stop: signal });
  return code === 0 || stopped ? "" : plain(err);
}

/** The options of a run that imports what the names of the project lead to; or why there cannot be one. */
async function closedRun(paths: readonly string[], std: Std | undefined, say: Say): Promise<string[] | string> {
  const found = std ?? await (foundOut ??= findOut(say));
  if (typeof found === "object") return `${NOT_FETCHED}\n${plain(found.lacks)}`;
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  const link = await linkOutside(folders);
  if (link !== undefined) return `${link} is a link that leads out of the project.`;
  return closedOptions(NAMES, ROOT, found, folders.map((folder) => pathToFileURL(`${folder}/`)));
}

/** A link in one of the folders that leads out of it and out of the project. */
async function linkOutside(folders: readonly string[]): Promise<string | undefined> {
  const root = await Deno.realPath(fileURLToPath(ROOT));
  for (const folder of folders) {
    const inside = [`${root}/`, `${await Deno.realPath(folder)}/`];
    for (const { name, isSymlink } of Deno.readDirSync(folder)) {
      if (!isSymlink) continue;
      const target = await Deno.realPath(`${folder}/${name}`).catch(() => "");
      if (!inside.some((it) => target.startsWith(it))) return plain(pathToFileURL(`${folder}/${name}`).href);
    }
  }
  return undefined;
}

/** Runs `deno test` until it ends or is stopped. */
async function denoTest(args: readonly string[], stop: AbortSignal, cpuSeconds: number | undefined): Promise<Ended> {
  const limits = { env: PLAIN, stop, cpuSeconds };
  const ended = await runDeno(["test", "-q", "--no-prompt", "--allow-read=.", ...args], limits);
  return { ...ended, err: plain(ended.err) };
}

const REPORT = ["--reporter=junit"];
const PLAIN = { NO_COLOR: "1", RUST_BACKTRACE: "0" };

/** What Deno says of an import that the closed map does not let through, and of one that would need the network. */
const OUTSIDE = /(Failed resolving types\. )?Blocked by null entry for ""file:\/\/\/""/g;
const OUTSIDE_SAID = "This import leads out of the project: an exercise imports names and files of the project";
const UNCACHED = /^.*, --cached-only is specified\.?$/gm;
const UNCACHED_SAID = "    This import needs the network, which an exercise does not get";
const NOT_FETCHED = "What exercises import could not be fetched: the first run needs the network.";

const NOISE = /\n*(?:error: (?:Test failed|Type checking failed\.?)|\s*(?:info|hint): .*)$/gm;

function plain(text: string): string {
  const said = stripVTControlCharacters(text).replaceAll(ROOT.href, "").replace(NOISE, "").trim();
  return said.replace(OUTSIDE, OUTSIDE_SAID).replace(UNCACHED, UNCACHED_SAID);
}

/** The error in what the reporter for people says of a file that throws at its top. */
function uncaught(text: string): string {
  const [, error] =
    /\nerror: (?:\(in promise\) )?([^]*?)\nThis error was not caught/.exec(stripVTControlCharacters(text)) ?? [];
  return error === undefined ? "The file has no test, or throws before the first." : plain(error);
}
