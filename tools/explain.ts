/**
 * `deno task explain`: one walk through the page tables of a real machine, level by level.
 *
 * @module
 */

import { parseAddress } from "../core/mmu/mod.ts";
import { type Command, main, Misuse, pathOf } from "./command.ts";
import { INPUT_HELP, INPUT_VALUES, inputOptions } from "./inputs/options.ts";
import { readInput } from "./inputs/read_input.ts";
import { walkText } from "./states/walk.ts";

/** The command. */
export const explainCommand: Command = {
  name: "explain",
  words: 2,
  options: [],
  values: INPUT_VALUES,
  help: `Walks the page tables of a real machine for one linear address: the entry read at every level, its flags, which
right it revoked, and then the outcome of reads, writes and fetches by supervisor and user.

usage: deno task explain FILE ADDRESS

  FILE              a state, or a moment of a recording: FILE@STEP, @end, @FUNCTION, @FUNCTION+3, "@write-to ADDRESS";
                    an ELF core or a dump of memory, as deno task audit takes them
  ADDRESS           in hexadecimal, with or without 0x
${INPUT_HELP}  --help            print this

Exit codes: 0 done, 2 a file that cannot be used or an address that makes no sense.

example: deno task explain tests/fixtures/kernels/linux61-686-pae.json 0xc1000000
`,
  async run(args, streams) {
    const { words: [path = "", text = ""] } = args;
    const address = parseAddress(text);
    const { state, listed } = await readInput(pathOf(path, streams), await inputOptions(args, streams));
    if (state === undefined) throw new Misuse(`expected page tables to walk but found a map, from ${listed.source}`);
    streams.out(walkText(state.machine, address));
    return 0;
  },
};

if (import.meta.main) await main(explainCommand);
