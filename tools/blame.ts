/**
 * `deno task blame`: who made the mapping of an address what it is.
 *
 * @module
 */

import { printableJson } from "../chapters/recorded/files/printable.ts";
import { readRecording } from "../chapters/recorded/files/recording.ts";
import { blame, stepOf } from "../core/recording/mod.ts";
import { parseAddress } from "../core/mmu/mod.ts";
import { type Command, main, pathOf } from "./command.ts";
import { blameJson, blameText } from "./recordings/blame_text.ts";

/** Rows that fit a screen. */
const SHOWN = 30;

/** The command. */
export const blameCommand: Command = {
  name: "blame",
  words: 2,
  options: ["json", "all"],
  values: ["until"],
  help:
    `Shows every write that shaped the walk of one linear address, in order: who stored, into which entry, old and new value,
which right was gained or lost, and what flushed the old translation from the TLB.

usage: deno task blame FILE ADDRESS [--until STEP] [--all] [--json]

  FILE          a recording ("record"), or a record of a kernel's boot as JSON lines
  ADDRESS       in hexadecimal, with or without 0x
  --until STEP  look no further than this step: a number, end, FUNCTION, FUNCTION+3, write-to ADDRESS
  --all         print all rows, not the last ${SHOWN} only
  --json        print the same as JSON
  --help        print this

Exit codes: 0 done, 2 a file that cannot be used, an address or a step that makes no sense.

example: deno task blame boot.rec 0xc0100000
`,
  async run({ words: [path = "", text = ""], options, values }, streams) {
    const address = parseAddress(text);
    const recording = await readRecording(pathOf(path, streams));
    const until = values["until"]?.at(-1);
    const rows = blame(recording, address, until === undefined ? {} : { until: stepOf(recording, until) });
    streams.out(
      options.has("json")
        ? `${printableJson(blameJson(address, rows), 1)}\n`
        : blameText(recording, address, rows, options.has("all") ? Infinity : SHOWN),
    );
    return 0;
  },
};

if (import.meta.main) await main(blameCommand);
