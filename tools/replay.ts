/**
 * `deno task replay`: makes recorded accesses and compares what comes of them with recorded answers.
 *
 * @module
 */

import { type Command, main, pathOf } from "./command.ts";
import { printable } from "../chapters/recorded/files/printable.ts";
import { readBounded } from "../chapters/recorded/files/read_bounded.ts";
import { AnswerFile } from "../chapters/recorded/accesses/answers.ts";
import { CaseFile } from "../chapters/recorded/accesses/cases.ts";
import { replay } from "../chapters/recorded/accesses/play.ts";

/** The command. */
export const replayCommand: Command = {
  name: "replay",
  words: 2,
  options: [],
  help: `Repeats recorded memory accesses on the emulated machine, and compares outcome, error code, CR2, physical
address and the page-table entries afterwards with the recorded answers.

usage: deno task replay CASES.gz ANSWERS.gz

  --help  print this

Exit codes: 0 all agree, 1 some differ, 2 a file that cannot be used.

example: deno task replay tests/fixtures/mmu/random20k.cases.gz tests/fixtures/mmu/random20k.bochs27.gz
`,
  async run({ words: [casesPath = "", answersPath = ""] }, streams) {
    const cases = new CaseFile(await readBounded(pathOf(casesPath, streams)));
    const answers = new AnswerFile(await readBounded(pathOf(answersPath, streams)), cases.count);
    const { passed, failed, differences } = replay(cases, answers);
    const more = failed > differences.length ? [`... and ${failed - differences.length} more`] : [];
    streams.out([...differences.map(printable), ...more, `${passed} passed, ${failed} failed`, ""].join("\n"));
    return failed === 0 ? 0 : 1;
  },
};

if (import.meta.main) await main(replayCommand);
