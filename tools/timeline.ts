/**
 * `deno task timeline`: a recording as a page that is stepped through.
 *
 * @module
 */

import { printable } from "../chapters/recorded/files/printable.ts";
import { readRecording } from "../chapters/recorded/files/recording.ts";
import { type Command, main, pathOf } from "./command.ts";
import { writeWhole } from "./command/whole_file.ts";

/** The command. */
export const timelineCommand: Command = {
  name: "timeline",
  words: 1,
  options: [],
  values: ["out"],
  help:
    `Makes a page of a recording: each write with its entry before and after, the address space as it grows, what an audit
finds appearing and vanishing, and who wrote when. The page needs nothing but itself.

usage: deno task timeline FILE [--out PAGE.html]

  FILE             a recording ("record"), or a record of a kernel's boot as JSON lines
  --out PAGE.html  file for the page (default: timeline.html)
  --help           print this

Exit codes: 0 done, 2 a file that cannot be used or written.

example: deno task timeline boot.rec --out boot.html
`,
  async run({ words: [path = ""], values }, streams) {
    const out = values["out"]?.at(-1) ?? "timeline.html";
    const recording = await readRecording(pathOf(path, streams));
    const { timelinePage } = await import("./recordings/timeline_page.ts"); // with packages that the help does without
    await writeWhole(pathOf(out, streams), timelinePage(recording));
    streams.out(`${recording.length} writes: ${printable(out)}\n`);
    return 0;
  },
};

if (import.meta.main) await main(timelineCommand);
