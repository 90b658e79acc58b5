/**
 * `deno task settle`: every strategy of the debate, judged by Xen itself.
 *
 * @module
 */

import { count } from "../chapters/figures/count.ts";
import { findTools } from "./reference/xen/ask.ts";
import { XEN_PACKAGE } from "./reference/xen/hypervisor.ts";
import { askLive, writeAnswers } from "./settle/ask.ts";
import { type Command, main, oneOf, type Streams } from "./command.ts";
import { readAnswers } from "../chapters/recorded/settle/answers.ts";
import { exportBoot, type Exported, type Question, QUESTIONS } from "../chapters/recorded/settle/export.ts";
import { table, type Verdict, verdictOf } from "../chapters/recorded/settle/verdict.ts";

/** Live machines that run at a time. */
const AT_ONCE = 2;

/** The command. */
export const settleCommand: Command = {
  name: "settle",
  words: "any",
  options: ["recorded", "write", "fetch"],
  help: `Boots every strategy on xen-4level with 16 MiB, repeats every operation of its kernel on the real hypervisor
(Debian's Xen 4.17 in QEMU), and says which operation the emulated one and the real one refuse first, and how.

usage: deno task settle [ID]... [--recorded | --write] [--fetch]

  ID          only this row; all of them unless named
  --recorded  compare with what Xen answered when it was last recorded; needs no QEMU
  --write     record what Xen answers
  --fetch     let apt-get download the hypervisor; it is unpacked into the user's cache, not installed
  --help      print this

Exit codes: 0 the two agree on every operation, 1 they do not, 2 a wrong option, 3 a program is missing.

example: deno task settle --recorded
`,
  async run({ words, options }, streams) {
    const questions = questionsOf(words);
    if (options.has("recorded")) return report(await Promise.all(questions.map(exportBoot).map(recorded)), streams);
    const tools = await findTools({ fetch: options.has("fetch") });
    if ("hypervisor" in tools) return report(await settleLive(questions, options.has("write")), streams);
    const hint = tools.packages.includes(XEN_PACKAGE) ? "; --fetch downloads the last" : "";
    streams.err(`Xen cannot be asked here: apt-get install ${tools.packages.join(" ")}${hint}\n`);
    return 3;
  },
};

/** The rows asked for, in the order of the table; all if none is. */
function questionsOf(words: readonly string[]): readonly Question[] {
  const ids = words.map((word) => oneOf(QUESTIONS.map(({ id }) => id), word));
  return ids.length === 0 ? QUESTIONS : QUESTIONS.filter(({ id }) => ids.includes(id));
}

async function recorded(exported: Exported): Promise<Verdict> {
  return verdictOf(exported, await readAnswers(exported));
}

async function settleLive(questions: readonly Question[], write: boolean): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const left = questions.entries();
  const work = async () => {
    for (const [row, question] of left) verdicts[row] = await live(exportBoot(question), write);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return verdicts;
}

async function live(exported: Exported, write: boolean): Promise<Verdict> {
  const answered = await askLive(exported);
  if ("console" in answered) {
    return { ...verdictOf(exported, []), xen: "stopped", difference: `Xen stopped: ${answered.console.join(" / ")}` };
  }
  if (write) await writeAnswers(exported, answered);
  return verdictOf(exported, answered);
}

function report(verdicts: readonly Verdict[], { out }: Streams): number {
  const differences = verdicts.filter(({ difference }) => difference !== undefined);
  const operations = count(verdicts.reduce((sum, verdict) => sum + verdict.operations, 0));
  out([
    ...table(verdicts),
    "",
    ...differences.map(({ id, difference }) => `${id}: ${difference}`),
    differences.length === 0 ? `${operations} operations, every answer equal` : `${differences.length} rows differ`,
    "",
  ].join("\n"));
  return differences.length === 0 ? 0 : 1;
}

if (import.meta.main) await main(settleCommand);
