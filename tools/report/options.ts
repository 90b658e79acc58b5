/**
 * The command line of `deno task debate`.
 *
 * @module
 */

import { parseMemory } from "../../core/memory_size.ts";
import { findPlatform, PLATFORMS } from "../../core/platforms.ts";
import { findStrategy, STRATEGIES } from "../../core/strategies/mod.ts";
import { type Arguments, Misuse } from "../command.ts";

/** The request to the command. */
export interface DebateOptions {
  readonly json: boolean;
  /** Folder for report and figures; undefined if the caller names none. */
  readonly out: string | undefined;
  /** Ids in the order of the matrix, without repetition. */
  readonly platforms: readonly string[];
  readonly strategies: readonly string[];
  /** Bytes; 64M if not said. */
  readonly memoryBytes: number;
}

const LONGEST = 100; // letters of a foreign word that a complaint repeats
const DEFAULT_MEMORY = "64M";

/** The ids asked for, in the order of the matrix; all if none. `find` throws RangeError for an unknown one. */
function idsOf(
  asked: readonly string[] = [],
  all: readonly { readonly id: string }[],
  find: (id: string) => { readonly id: string },
): readonly string[] {
  const found = new Set(asked.map((id) => find(id.slice(0, LONGEST)).id));
  return all.map(({ id }) => id).filter((id) => found.size === 0 || found.has(id));
}

/**
 * Reads the command line.
 *
 * @param args The arguments.
 * @returns What was asked.
 * @throws {RangeError} If there is an unknown id, or a size that is none.
 * @throws {Misuse} If the folder has no name.
 */
export function optionsOf({ options, values }: Arguments): DebateOptions {
  const out = values["out"]?.at(-1);
  if (out === "") throw new Misuse("--out needs the name of a folder");
  return {
    json: options.has("json"),
    out,
    platforms: idsOf(values["platform"], PLATFORMS, findPlatform),
    strategies: idsOf(values["strategy"], STRATEGIES, findStrategy),
    memoryBytes: parseMemory(values["memory"]?.at(-1) ?? DEFAULT_MEMORY),
  };
}
