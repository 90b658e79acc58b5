/**
 * The command line of `deno task debate`.
 *
 * @module
 */

import { parseMemory } from "../../core/memory_size.ts";
import { findPlatform, PLATFORMS } from "../../core/platforms.ts";
import { findStrategy, STRATEGIES } from "../../core/strategies/mod.ts";
import { Misuse, parseStrictly } from "../command.ts";
import { printable } from "../../chapters/recorded/files/printable.ts";

/** What the command was asked. */
export interface DebateOptions {
  readonly json: boolean;
  readonly help: boolean;
  /** Folder for report and figures; undefined if the caller names none. */
  readonly out: string | undefined;
  /** Ids in the order of the matrix, without repetition. */
  readonly platforms: readonly string[];
  readonly strategies: readonly string[];
  /** Bytes; 64M if not said. */
  readonly memoryBytes: number;
}

/** A command line that makes no sense, or asks for what cannot be; the message is the one line to print. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints. */
export const HELP: string = `Boots every proposal of the debate on every platform and audits the page tables.

usage: deno task debate [--json] [--out DIR] [--platform ID]... [--strategy ID]... [--memory SIZE]

  --json          print the matrix as JSON, nothing else; a report is written only if --out names a folder
  --out DIR       folder for report.html and the figures (default: out)
  --platform ID   only this platform; may be repeated
  --strategy ID   only this strategy; may be repeated
  --memory SIZE   memory of each machine, 16M to 4G (default: 64M)
  --help          print this

Exit codes: 0 done (whatever the verdicts), 2 a command line that makes no sense or a folder that cannot be written.

example: deno task debate --platform xen-pae --strategy write-always --strategy filter-set-pte
`;

const OPTIONS = {
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false, short: "h" },
  out: { type: "string" },
  platform: { type: "string", multiple: true },
  strategy: { type: "string", multiple: true },
  memory: { type: "string", default: "64M" },
} as const;

const LONGEST = 100; // letters of a foreign word that a complaint repeats

/** The ids asked for, in the order of the matrix; all if none. `find` throws RangeError for an unknown one. */
function idsOf(
  asked: readonly string[] = [],
  all: readonly { readonly id: string }[],
  find: (id: string) => { readonly id: string },
): readonly string[] {
  const found = new Set(asked.map((id) => find(id.slice(0, LONGEST)).id));
  return all.map(({ id }) => id).filter((id) => found.size === 0 || found.has(id));
}

/** What the library says of a word that it does not know, as a complaint about the command line. */
function known<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(printable(error.message));
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseStrictly("debate", args, OPTIONS);
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    throw new UsageError(printable(error.message));
  }
}

/**
 * Reads the command line.
 *
 * @param args Arguments, without the program.
 * @returns What was asked.
 * @throws {UsageError} If there is an unknown option or id, a stray word, or a size that is none.
 */
export function parseOptions(args: readonly string[]): DebateOptions {
  const { values, positionals } = parsed(args);
  const [word] = positionals;
  if (word !== undefined) {
    throw new UsageError(`did not expect "${printable(word.slice(0, LONGEST))}"; see deno task debate --help`);
  }
  if (values.out === "") throw new UsageError("--out needs the name of a folder");
  return {
    json: values.json,
    help: values.help,
    out: values.out,
    platforms: known(() => idsOf(values.platform, PLATFORMS, findPlatform)),
    strategies: known(() => idsOf(values.strategy, STRATEGIES, findStrategy)),
    memoryBytes: known(() => parseMemory(values.memory)),
  };
}
