import { assert } from "@std/assert";
import { runTask, taskLines, taskNamed } from "./task_lines.ts";

/** What runs quickly. `deno task ok` runs book, and the tests of live machines run reference, with the permissions of their lines. */
const WORK: readonly (readonly string[])[] = [
  ["replay", "tests/fixtures/mmu/named47.cases.gz", "tests/fixtures/mmu/named47.bochs27.gz"],
  ["test", "tests/tools/import_map_test.ts"],
];

const TASKS = await taskLines();

for (const [name = "", ...args] of WORK) {
  Deno.test(`deno task ${[name, ...args].join(" ")} does its work with the permissions of its line`, async () => {
    const task = taskNamed(TASKS, name);
    const { code, out, err } = await runTask(task, ...args);
    assert(code === 0 && !/NotCapable|run again with/.test(out + err), `${code}\n${out}\n${err}`);
  });
}

Deno.test({
  name: "a file that Deno keeps from programs is named in one line, without the advice to allow everything",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { code, err } = await runTask(taskNamed(TASKS, "audit"), "/proc/self/mem");
    assert(code === 2 && /^audit: cannot read \/proc\/self\/mem: [^\n]+; copy it first\n$/.test(err), err);
    assert(!/allow-all/.test(err), err);
  },
});
