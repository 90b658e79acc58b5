/**
 * `deno task replay-xen`: does recorded hypercalls and stores again and compares with what real Xen answered.
 *
 * @module
 */

import { type Command, main, pathOf } from "./command.ts";
import { printable } from "../chapters/recorded/files/printable.ts";
import { readBounded } from "../chapters/recorded/files/read_bounded.ts";
import { parseRecording } from "../chapters/recorded/hypercalls/operation.ts";
import { replayXen } from "../chapters/recorded/hypercalls/play.ts";

/** The limit on a recording, in bytes, unpacked. */
const LIMIT = 0x400_0000;

/** The command. */
export const replayXenCommand: Command = {
  name: "replay-xen",
  words: 1,
  options: [],
  help:
    `Repeats recorded hypercalls and page-table stores on the emulated hypervisor, and compares return codes, faults,
entries and the kinds of Xen's messages with the answers of Xen 4.17.

usage: deno task replay-xen OPS.jsonl.gz

  --help  print this

Exit codes: 0 all agree, 1 some differ, 2 a file that cannot be used.

example: deno task replay-xen tests/fixtures/xen/pv32-xen417-seed101.jsonl.gz
`,
  async run({ words: [path = ""] }, streams) {
    const lines = parseRecording(path, await readBounded(pathOf(path, streams), LIMIT));
    const { passed, failed, differences } = replayXen(lines);
    const more = failed > differences.length ? [`... and ${failed - differences.length} more`] : [];
    streams.out([...differences.map(printable), ...more, `${passed} passed, ${failed} failed`, ""].join("\n"));
    return failed === 0 ? 0 : 1;
  },
};

if (import.meta.main) await main(replayXenCommand);
