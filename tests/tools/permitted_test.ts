import { assert } from "@std/assert";
import { runTask, taskLines } from "./task_lines.ts";

/** What runs quickly, with the exit codes that are possible here. The tests of live machines run `reference` with the permissions of its line. */
const WORK: readonly (readonly [codes: readonly number[], ...words: string[]])[] = [
  [[0], "replay", "tests/fixtures/mmu/named47.cases.gz", "tests/fixtures/mmu/named47.bochs27.gz"],
  [[0], "test", "tests/tools/import_map_test.ts"],
  [[0, 1], "book", "1"],
];

const TASKS = await taskLines();

for (const [codes, name = "", ...args] of WORK) {
  Deno.test(`deno task ${[name, ...args].join(" ")} does its work with the permissions of its line`, async () => {
    const task = TASKS.find((task) => task.name === name);
    assert(task !== undefined);
    const { code, out, err } = await runTask(task, ...args);
    assert(codes.includes(code) && !/NotCapable|run again with/.test(out + err), `${code}\n${out}\n${err}`);
  });
}
