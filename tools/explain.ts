/**
 * `deno task explain`: one walk through the page tables of a real machine, level by level.
 *
 * @module
 */

import { parseAddress } from "../core/mmu/mod.ts";
import { type Command, main, pathOf } from "./command.ts";
import { readStateOrMoment } from "../chapters/recorded/files/state.ts";
import { walkText } from "./states/walk.ts";

/** The command. */
export const explainCommand: Command = {
  name: "explain",
  words: 2,
  options: [],
  help: `Walks the page tables of a real machine for one linear address: the entry read at every level, its flags, which
right it revoked, and then what reads, writes and fetches by supervisor and user come to.

usage: deno task explain STATE.json ADDRESS

  STATE.json  a state, or a moment of a recording: FILE@STEP, @end, @FUNCTION, @FUNCTION+3, "@write-to ADDRESS"
  ADDRESS     in hexadecimal, with or without 0x
  --help      print this

Exit codes: 0 done, 2 a file that cannot be used or an address that makes no sense.

example: deno task explain tests/fixtures/kernels/linux61-686-pae.json 0xc1000000
`,
  async run({ words: [path = "", text = ""] }, streams) {
    const address = parseAddress(text);
    const { machine } = await readStateOrMoment(pathOf(path, streams));
    streams.out(walkText(machine, address));
    return 0;
  },
};

if (import.meta.main) await main(explainCommand);
