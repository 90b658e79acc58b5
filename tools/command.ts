/**
 * The common part of all tasks: a command has a help, checks its arguments, and reports an error in one line.
 *
 * @module
 */

import { UnreadableFile } from "../chapters/recorded/files/read_bounded.ts";
import { printable } from "../chapters/recorded/files/printable.ts";
import { type Arguments, type Expected, Misuse, sortArguments } from "./command/arguments.ts";
import { isEnding, nameEnding } from "./command/ending.ts";
import { OutputError, standardStreams, type Streams } from "./command/streams.ts";
import { reasonOf } from "./command/whole_file.ts";

export { type Arguments, integerOf, Misuse, oneOf } from "./command/arguments.ts";
export type { Streams } from "./command/streams.ts";

const LONGEST_MESSAGE = 600;
/** The oldest Deno that runs every task. */
const MIN_DENO = { major: 2, minor: 8 } as const;
/** The exit code of a program whose reader has gone, as shells give it. */
const READER_GONE = 141;

const UNFETCHED = "a package that this needs is not here yet, and npm is out of reach: the first run needs the network";

/** A command of the command line. */
export interface Command extends Omit<Expected, "options"> {
  /** The output of `--help`. */
  readonly help: string;
  /** Options that it knows, besides `--help`, and that have no value; or all arguments are words, and handed on to another program. */
  readonly options: readonly string[] | "handed on";
  /** Does the work and returns the exit code. Writes only once nothing can go wrong any more. */
  readonly run: (args: Arguments, streams: Streams) => Promise<number>;
}

/**
 * Runs a command. A wrong command line, an unreadable file, hostile contents, a full disk or a folder of somebody else are one line on
 * stderr and exit code 2.
 *
 * @param command The command.
 * @param args Its arguments.
 * @param streams Where it writes.
 * @returns The exit code.
 */
export async function runCommand(command: Command, args: readonly string[], streams: Streams): Promise<number> {
  try {
    const sorted = argumentsOf(command, args);
    if (!sorted.options.has("help")) return await command.run(sorted, streams);
    streams.out(command.help);
    return 0;
  } catch (error) {
    const complaint = complaintOf(error);
    if (complaint === undefined) throw error;
    streams.err(`${command.name}: ${printable(shortened(complaint))}\n`);
    return 2;
  }
}

function argumentsOf(command: Command, args: readonly string[]): Arguments {
  const { options } = command;
  if (options !== "handed on") return sortArguments({ ...command, options }, args);
  const help = args.some((arg) => arg === "--help" || arg === "-h");
  return { words: args, options: new Set(help ? ["help"] : []), values: {} };
}

/** Runs a command with the arguments and streams of this process, and ends the process. */
export async function main(command: Command): Promise<never> {
  nameEnding(command.name);
  const streams = standardStreams();
  const code = tooOld(Deno.version.deno)
    ? refuseDeno(command, streams)
    : await runCommand(command, Deno.args, streams).catch(readerGone);
  if (isEnding()) await new Promise(() => {}); // the signal's own exit code comes when all is undone
  Deno.exit(code);
}

/** `| head` has read enough. Of a command that a signal ends any failure is expected: its children and folders go. */
function readerGone(error: unknown): number {
  if (isEnding() || error instanceof Deno.errors.BrokenPipe) return READER_GONE;
  throw error;
}

function refuseDeno({ name }: Command, { err }: Streams): number {
  err(
    `${name}: expected Deno ${MIN_DENO.major}.${MIN_DENO.minor} or newer but found ${Deno.version.deno}; npx -y deno task ${name} has one\n`,
  );
  return 2;
}

/** Whether a version is older than the oldest that runs every task. */
export function tooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < MIN_DENO.major || (major === MIN_DENO.major && minor < MIN_DENO.minor);
}

/**
 * A path as the user meant it: relative to the folder in which the task was started.
 *
 * @param path As given.
 * @param streams The folder.
 * @returns A path to open.
 */
export function pathOf(path: string, { folder }: Pick<Streams, "folder">): string {
  return folder === "." || path.startsWith("/") || /^[a-z]:/i.test(path) ? path : `${folder}/${path}`;
}

/** A message may repeat a word of any length. */
function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}...`;
}

/** The message of an error that is no defect: misuse, bad input, a machine that cannot do it. A defect keeps its stack. */
function complaintOf(error: unknown): string | undefined {
  if (error instanceof OutputError) return `cannot write the results: ${reasonOf(error)}`;
  if (error instanceof Misuse || error instanceof UnreadableFile || error instanceof RangeError) return error.message;
  if (isUnfetched(error)) return UNFETCHED;
  return isSystemError(error) ? error.message.split("\n", 1)[0] : undefined;
}

/** A package that is imported only when it is needed, and is not there. */
function isUnfetched(error: unknown): boolean {
  return error instanceof TypeError && /^Failed loading .* for package |npm package /.test(error.message);
}

/** Refusals of the system: a missing file, a full disk, a folder of somebody else. */
function isSystemError(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof Deno.errors.BrokenPipe) return false;
  if (error instanceof Deno.errors.NotCapable) return false;
  return "code" in error && typeof error.code === "string" && /^E[A-Z0-9]+$/.test(error.code);
}
