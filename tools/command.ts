/**
 * What the commands that read recorded files share: arguments, streams, exit codes.
 *
 * @module
 */

import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearestOf } from "../core/ids.ts";
import { printable } from "../chapters/recorded/files/printable.ts";
import { UnreadableFile } from "../chapters/recorded/files/read_bounded.ts";

/** Letters of a word from outside that a message repeats. */
const LONGEST = 100;
const LONGEST_MESSAGE = 600;

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
  /** What was given to options that have a value, by name, in order. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** A command of the command line. */
export interface Command {
  /** Its task. */
  readonly name: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Number of words that it takes, or any number. */
  readonly words: number | "any";
  /** Options that it knows, besides `--help`, and that have no value. */
  readonly options: readonly string[];
  /** Options that have a value, and may be repeated. */
  readonly values?: readonly string[];
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
    streams.err(`${command.name}: ${printable(shortened(error.message))}\n`);
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

/**
 * The whole number that an option has.
 *
 * @param args The arguments.
 * @param name The option.
 * @param most The largest number that it may have.
 * @returns The number; undefined if the option is not given.
 * @throws {Misuse} If it is no whole number from 0 to `most`.
 */
export function integerOf({ values }: Arguments, name: string, most: number): number | undefined {
  const text = values[name]?.at(-1);
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (number <= most) return number;
  throw new Misuse(`expected --${name} from 0 to ${most} but found ${text.slice(0, LONGEST)}`);
}

/**
 * The one of several words that was meant.
 *
 * @param words The words.
 * @param word What was written.
 * @returns The word.
 * @throws {Misuse} If it is none of them: the message has the nearest and all.
 */
export function oneOf<Word extends string>(words: readonly Word[], word: string): Word {
  const found = words.find((it) => it === word);
  if (found !== undefined) return found;
  const shown = word === "" ? "nothing" : word.slice(0, LONGEST);
  throw new Misuse(`expected ${words.join(", ")} but found ${shown}${didYouMean(word, words)}`);
}

/**
 * Reads a command line strictly.
 *
 * @param task The task, for the message.
 * @param args Its arguments.
 * @param options The options as `node:util` describes them.
 * @returns What `parseArgs` of `node:util` returns.
 * @throws {Misuse} If there is an option that it does not know, or one without its value.
 */
export function parseStrictly<Options extends NonNullable<ParseArgsConfig["options"]>>(
  task: string,
  args: readonly string[],
  options: Options,
): Parsed<Options> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misuse(`${complaint(error.message, Object.keys(options))}; see deno task ${task} --help`);
  }
}

/** What `parseStrictly` returns. */
export type Parsed<Options extends NonNullable<ParseArgsConfig["options"]>> = ReturnType<
  typeof parseArgs<{ options: Options; strict: true; allowPositionals: true; args: string[] }>
>;

function complaint(message: string, names: readonly string[]): string {
  const [, unknown] = /^Unknown option '(-.*?)'/s.exec(message) ?? [];
  if (unknown === undefined) return message.split(/\. |\n/, 1)[0] ?? "";
  return `unknown option ${unknown.slice(0, LONGEST)}${didYouMean(unknown, names.map((name) => `--${name}`))}`;
}

function didYouMean(word: string, words: readonly string[]): string {
  const nearest = nearestOf(word, words);
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}

function sortArguments({ name, options, values: valued = [], words }: Command, args: readonly string[]): Arguments {
  const { values, positionals } = parseStrictly(name, args, {
    ...Object.fromEntries(valued.map((name) => [name, { type: "string", multiple: true } as const])),
    ...Object.fromEntries(options.map((name) => [name, { type: "boolean" } as const])),
    help: { type: "boolean", short: "h" },
  });
  const given = Object.entries(values);
  const flags = new Set(given.filter(([, value]) => value === true).map(([name]) => name));
  if (!flags.has("help") && words !== "any" && positionals.length !== words) {
    const expected = `expected ${words} argument${words === 1 ? "" : "s"} but found ${positionals.length}`;
    throw new Misuse(`${expected}; see deno task ${name} --help`);
  }
  const texts = given.flatMap(([name, value]) => Array.isArray(value) ? [[name, value.map(String)] as const] : []);
  return { words: positionals, options: flags, values: Object.fromEntries(texts) };
}

/** A message may repeat a word of any length. */
function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}...`;
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
  return {
    out: writer(Deno.stdout),
    err: writer(Deno.stderr),
    // looked up by those alone who open a file: no other command needs the permission
    get folder() {
      return Deno.env.get("INIT_CWD") ?? ".";
    },
  };
}
