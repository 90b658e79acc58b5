/**
 * `deno task hunt`: looks for the smallest machine on which a property of a strategy fails.
 *
 * @module
 */

import { PROPERTIES, THROWS } from "../chapters/hunting/properties.ts";
import { HUNT_SEED } from "../chapters/hunting/seed.ts";
import { columns } from "../chapters/shown/columns.ts";
import { type Command, main } from "./command.ts";
import { DEFAULT_MEMORY, DEFAULT_RUNS } from "./hunt/defaults.ts";

function propertyLines(): string {
  const rows = [...PROPERTIES.map(({ id, claims }) => [id, claims]), [THROWS, "a boot ends in a value; asked always"]];
  return columns(rows).map((line) => `  ${line}`).join("\n");
}

/** The command. */
export const huntCommand: Command = {
  name: "hunt",
  words: 0,
  options: ["pairs", "json", "of-2007"],
  values: ["strategy", "property", "platform", "against", "runs", "seed", "shard", "merge", "workers", "max-memory"],
  help: `Looks for machines on which a property of a strategy fails, and prints the simplest of them: fewest CPU
features, least memory, defaults otherwise.

usage: deno task hunt [--strategy ID|FILE.ts]... [--property ID]... [--platform ID]... [--against ID] [--of-2007]
                      [--max-memory M] [--runs N] [--seed S] [--workers N] [--shard K/N] [--json]
       deno task hunt --pairs [the same, without --property and --against]
       deno task hunt --merge FILE [--json]

  --strategy ID    only this strategy, or the one that a file exports; may be repeated (default: all of the debate)
  --property ID    only this property; may be repeated (default: all below)
  --platform ID    only machines like this one; may be repeated (default: all)
  --against ID     the property that the verdict is that of another strategy
  --pairs          tell every two strategies apart instead
  --of-2007        only machines and kernels of 2007: no later platform or kernel, bootmem lowest first, no early_ioremap
  --max-memory M   most memory of a machine (default: ${DEFAULT_MEMORY})
  --runs N         machines (default: ${DEFAULT_RUNS})
  --seed S         other machines (default: ${HUNT_SEED}); the same seed gives the same machines everywhere
  --workers N      processes (default: one a processor)
  --shard K/N      only part K of N, as a line of JSON to be merged
  --merge FILE     put parts together that were written one after the other
  --json           print JSON
  --help           print this

properties:
${propertyLines()}

Exit codes: 0 done, whatever was found, 2 a command line that makes no sense, a file that cannot be used.

example: deno task hunt --strategy keep-template --property no-permission-error
`,
  async run(args, streams) {
    const { hunting } = await import("./hunt/hunting.ts"); // with packages that the help does without
    return await hunting(args, streams);
  },
};

if (import.meta.main) await main(huntCommand);
