/**
 * What the commands that read recorded files share: arguments, streams, exit codes.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { UnreadableFile } from "./read_bounded.ts";

/** Where a command reads and writes. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Folder that a relative path starts from. */
  readonly folder: string;
}

/** The arguments of a command, sorted. */
export interface Arguments {
  /** The words that are no options. */
  readonly words: readonly string[];
  /** The options given. */
  readonly options: ReadonlySet<string>;
}

/** A command of the command line. */
export interface Command {
  /** Its task. */
  readonly name: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Number of words that it takes, or any number. */
  readonly words: number | "any";
  /** Options that it knows, besides `--help`; none has a value. */
  readonly options: readonly string[];
  /** Does the work and returns the exit code. Writes only once nothing can go wrong any more. */
  readonly run: (args: Arguments, streams: Streams) => Promise<number>;
}

/** A command line that makes no sense; the message is the one line to print. */
export class Misuse extends Error {}

/**
 * Runs a command. A wrong command line, an unreadable file and hostile contents are one line on stderr and exit code 2.
 *
 * @param command The command.
 * @param args Its arguments.
 * @param streams Where it writes.
 * @returns The exit code.
 */
export async function runCommand(command: Command, args: readonly string[], streams: Streams): Promise<number> {
  try {
    const sorted = sortArguments(command, args);
    if (!sorted.options.has("help")) return await command.run(sorted, streams);
    streams.out(command.help);
    return 0;
  } catch (error) {
    if (!isForeseen(error)) throw error;
    streams.err(`${command.name}: ${error.message.replace(/\p{C}+/gu, " ")}\n`);
    return 2;
  }
}

/** Runs a command with the arguments and streams of this process. */
export async function main(command: Command): Promise<void> {
  try {
    Deno.exitCode = await runCommand(command, Deno.args, standardStreams());
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // `| head` has read enough
  }
}

/**
 * A path as the user meant it: relative to the folder in which the task was started.
 *
 * @param path As given.
 * @param streams The folder.
 * @returns A path to open.
 */
export function pathOf(path: string, { folder }: Streams): string {
  return folder === "." || path.startsWith("/") || /^[a-z]:/i.test(path) ? path : `${folder}/${path}`;
}

function sortArguments({ options, words }: Command, args: readonly string[]): Arguments {
  const { values, positionals } = parsed(args, ["help", ...options]);
  const given = new Set(Object.keys(values));
  if (!given.has("help") && words !== "any" && positionals.length !== words) {
    throw new Misuse(`expected ${words} argument${words === 1 ? "" : "s"} but found ${positionals.length}; try --help`);
  }
  return { words: positionals, options: given };
}

function parsed(args: readonly string[], names: readonly string[]) {
  const options = Object.fromEntries(names.map((name) => [name, { type: "boolean" } as const]));
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misuse(`${error.message.split(". ")[0]}; try --help`);
  }
}

/** Misuse and bad input; anything else is a defect and keeps its stack. */
function isForeseen(error: unknown): error is Error {
  return error instanceof Misuse || error instanceof UnreadableFile || error instanceof RangeError;
}

function standardStreams(): Streams {
  const encoder = new TextEncoder();
  const writer = (stream: typeof Deno.stdout | typeof Deno.stderr) => (text: string) => {
    for (let bytes = encoder.encode(text); bytes.length > 0;) bytes = bytes.subarray(stream.writeSync(bytes));
  };
  return { out: writer(Deno.stdout), err: writer(Deno.stderr), folder: Deno.env.get("INIT_CWD") ?? "." };
}
