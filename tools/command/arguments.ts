/**
 * The words of a command line, sorted and checked.
 *
 * @module
 */

import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearestOf } from "../../core/ids.ts";

/** Letters of a word from outside that a message repeats. */
const LONGEST = 100;

/** A command line that makes no sense, or a machine that cannot do it; the message is the one line to print. */
export class Misuse extends Error {}

/** The arguments of a command, sorted. */
export interface Arguments {
  /** The words that are no options. */
  readonly words: readonly string[];
  /** The options given. */
  readonly options: ReadonlySet<string>;
  /** The values given to options, by name, in order. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/**
 * The whole number that an option has.
 *
 * @param args The arguments.
 * @param name The option.
 * @param max The largest number that it may have.
 * @returns The number; undefined if the option is not given.
 * @throws {Misuse} If it is no whole number from 0 to `max`.
 */
export function integerOf({ values }: Arguments, name: string, max: number): number | undefined {
  const text = values[name]?.at(-1);
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (number <= max) return number;
  throw new Misuse(`expected --${name} from 0 to ${max} but found ${text.slice(0, LONGEST)}`);
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

/** The result of `parseStrictly`. */
export type Parsed<Options extends NonNullable<ParseArgsConfig["options"]>> = ReturnType<
  typeof parseArgs<{ options: Options; strict: true; allowPositionals: true; args: string[] }>
>;

function complaint(message: string, names: readonly string[]): string {
  const [, unknown] = /^Unknown option '(-.*?)'/s.exec(message) ?? [];
  const [, option] = /^Option '(--[^' ]+).*' argument is ambiguous/.exec(message) ?? [];
  if (option !== undefined) return `a value that begins with a hyphen is written ${option}=VALUE`;
  if (unknown === undefined) return message.split(/\. |\n/, 1)[0] ?? "";
  return `unknown option ${unknown.slice(0, LONGEST)}${didYouMean(unknown, names.map((name) => `--${name}`))}`;
}

function didYouMean(word: string, words: readonly string[]): string {
  const nearest = nearestOf(word, words);
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}

/** The words and options that a command line may have. */
export interface Expected {
  /** The task, for messages. */
  readonly name: string;
  /** Number of words, or any number. */
  readonly words: number | "any";
  /** Options without a value, besides `--help`. */
  readonly options: readonly string[];
  /** Options that have a value, and may be repeated. */
  readonly values?: readonly string[];
}

/**
 * Sorts the arguments of a command.
 *
 * @param expected What they may be.
 * @param args The arguments.
 * @returns Words, options and values.
 * @throws {Misuse} If there is anything else.
 */
export function sortArguments(
  { name, options, values: valued = [], words }: Expected,
  args: readonly string[],
): Arguments {
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
