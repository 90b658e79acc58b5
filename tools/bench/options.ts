/**
 * The command line of `deno task bench`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { Misuse } from "../command.ts";

/** What the command was asked. */
export interface BenchOptions {
  readonly json: boolean;
  readonly help: boolean;
  /** Rounds by comparison. */
  readonly rounds: number;
  /** Names to be measured, in the order of the report. */
  readonly names: readonly string[];
}

/** The name under which `--only` knows the section on memory. */
export const MEMORY = "memory";

/** What `--help` prints. */
export const HELP: string =
  `Measures what this machine costs: ratios to the same work in C, to other work here, or to seconds.
Each round is C, ours, C; a ratio is the median over the rounds. Both sides must find the same, or the exit code is 1.
Without gcc the ratios to C are left out.

usage: deno task bench [--json] [--rounds N] [--only NAME]...

  --json       print { results: [{ name, ratio, target, against }], memory, made }, nothing else
  --rounds N   rounds by ratio, 1 to 99 (default: 9)
  --only NAME  only what has NAME in its name; "memory" is the section on memory; may be repeated
  --help       print this

Exit codes: 0 measured (whatever the ratios), 1 the two sides do not find the same, 2 a wrong option.

example: deno task bench --rounds 15 --only walk --only hit
`;

const OPTIONS = {
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false, short: "h" },
  rounds: { type: "string", default: "9" },
  only: { type: "string", multiple: true },
} as const;

/**
 * Reads the command line.
 *
 * @param args Arguments, without the program.
 * @param known The names that there are.
 * @returns What was asked.
 * @throws {Misuse} If there is an unknown option or name, a stray word, or a number of rounds that is none.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { json, help, rounds, only = [] } = parsed(args);
  if (!/^[1-9]\d?$/.test(rounds)) throw new Misuse(`expected 1 to 99 rounds but found ${rounds}; try --help`);
  const all = [...known, MEMORY];
  const unknown = only.find((part) => part === "" || !all.some((name) => name.includes(part)));
  if (unknown !== undefined) {
    throw new Misuse(`expected a part of one of these names: ${all.join("; ")}; but found ${unknown}`);
  }
  const names = only.length === 0 ? all : all.filter((name) => only.some((part) => name.includes(part)));
  return { json, help, rounds: Number(rounds), names };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misuse(`${error.message.split(/[.\n]/, 1)[0]}; try --help`);
  }
}
