import { assert, assertEquals } from "@std/assert";
import { runTask, taskLines, taskNamed } from "./task_lines.ts";

const STATE = "tests/fixtures/kernels/linux61-686-pae.json";
const XEN = "tests/fixtures/xen/pv32-xen417-seed101.jsonl.gz";

/** Commands whose output has no measured time. */
const STABLE: readonly (readonly string[])[] = [
  ["debate", "--json", "--platform", "xen-pae"],
  ["debate", "--platform", "xen-pae", "--platform", "native-486", "--strategy", "keep-template"],
  ["audit", STATE],
  ["audit", STATE, "--json"],
  ["explain", STATE, "0xc1000000"],
  ["replay-xen", XEN],
  ["replay-boot", "tests/fixtures/boots/2.6.20-pentium3-64M.jsonl.gz"],
  ["learn", "--list"],
];

const TASKS = await taskLines();

for (const [name = "", ...args] of STABLE) {
  Deno.test(`into a pipe, deno task ${[name, ...args].join(" ")} writes the same bytes twice, without colour or progress`, async () => {
    const task = taskNamed(TASKS, name);
    const out = name === "debate" && !args.includes("--json") ? ["--out", await Deno.makeTempDir()] : [];
    const first = await runTask(task, ...args, ...out);
    const second = await runTask(task, ...args, ...out); // after the first: they write to the same folder
    assertEquals([first.code, first.err], [0, ""]);
    assertEquals(second, first);
    assert(first.out.length > 10 && !/[^\P{C}\n]/u.test(first.out), "something that a terminal obeys");
  });
}
