import { assert, assertEquals } from "@std/assert";
import { run } from "../../tools/command/process.ts";
import { taskLines } from "../tools/task_lines.ts";
import { TASK_FAULTS } from "./task_faults.ts";
import { ENV, quoted, STACK, wordsOf } from "./task_words.ts";
import { testWriting, writersThat } from "./writing.ts";

for (const { name, flags } of await taskLines()) {
  const faults = TASK_FAULTS[name];
  if (faults === undefined) continue;
  const { prints, writes, writesNothing } = faults;

  Deno.test(`deno task ${name}: what it may write is tried, or there is a reason`, () => {
    assert((writes === undefined) !== (writesNothing === undefined));
    if (!flags.some((flag) => flag.startsWith("--allow-write"))) assertEquals(writes, undefined);
  });

  const line = `deno task ${`${name} ${prints}`.trim()}`;
  Deno.test(`${line}: a full device is one line and exit 2, a reader that has gone is no line, and closed output is none`, async () => {
    const words = quoted(wordsOf(name, prints, ""));
    const said = async (how: string) => {
      const { code, out, err } = await run("bash", ["-c", how], { env: ENV });
      const lines = err.trimEnd().split("\n");
      return { code, out, complaints: lines.filter((line) => line.startsWith(`${name}: `)), stack: STACK.test(err) };
    };
    const [full, gone, closed] = await Promise.all([
      said(`${words} > /dev/full`),
      said(`${words} | true; echo "\${PIPESTATUS[0]}"`),
      said(`${words} >&-`),
    ]);
    const complaint = `${name}: cannot write the results: No space left on device`;
    assertEquals(full, { code: 2, out: "", complaints: [complaint], stack: false });
    assertEquals([gone.out, gone.complaints, gone.stack], ["141\n", [], false]);
    assertEquals([closed.code, closed.complaints, closed.stack], [0, [], false]);
  });

  Deno.test({
    name: `${line}: a terminal of 20 columns and no home change no exit code`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const narrow = `stty cols 20 && unset HOME && ${quoted(wordsOf(name, prints, ""))}`;
      const { code, out } = await run("script", ["-qec", narrow, "/dev/null"], { env: ENV });
      assertEquals([code, STACK.test(out)], [0, false], out);
    },
  });
}

for (const name of writersThat({ areLong: false })) testWriting(name);
