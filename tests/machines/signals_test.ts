import { assert, assertEquals } from "@std/assert";
import { run, start } from "../../tools/command/process.ts";
import { ENV, outFolder, STACK, wordsOf } from "./task_words.ts";
import { SAME_PROGRAM, TASK_FAULTS, type TaskFaults } from "./task_faults.ts";
import { taskLines, taskNamed } from "../tools/task_lines.ts";

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGKILL: 137 } as const;

const TASKS = await taskLines();
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Processes whose scratch folder is this one, as far as this user can see. */
async function left(scratch: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await Deno.readTextFile(`/proc/${name}/environ`).catch(() => "");
    if (environment.includes(`TMPDIR=${scratch}`)) found.push(Number(name));
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

/** Waits until a task has a child or a scratch file; one that never has is at work by then too, or done. */
async function atWork(scratch: string, isShort = false): Promise<void> {
  for (let waited = 0; waited < (isShort ? 0 : 6000); waited += 200) {
    await wait(200);
    if ((await left(scratch)).length > 1 || (await namesIn(scratch)).length > 0) break;
  }
  await wait(300);
}

async function endedBy(signal: keyof typeof SIGNALS, name: string, { works, isShort }: TaskFaults) {
  const scratch = await Deno.realPath(await Deno.makeTempDir());
  const out = await outFolder();
  const [program = "", ...args] = wordsOf(name, works, out);
  const env = { ...ENV, TMPDIR: scratch };
  const child = start(program, args, { env, stdin: "piped", stdout: "null", stderr: "piped" });
  await atWork(scratch, isShort);
  try {
    child.kill(signal);
  } catch {
    // it has ended by itself: a fast machine
  }
  const [said, { code }] = await Promise.all([new Response(child.stderr).text(), child.status]);
  child.stdin.close().catch(() => {});
  for (let tries = 0; tries < 20 && (await left(scratch)).length > 0 && signal !== "SIGKILL"; tries++) await wait(500); // a child of a child takes its time to end
  const processes = await left(scratch);
  const found = { code, said, files: await namesIn(scratch), processes: processes.length, out: await namesIn(out) };
  for (const pid of processes) await run("kill", ["-KILL", `${pid}`]); // nobody else ends what a killed task has started
  for (let tries = 0; tries < 20 && (await left(scratch)).length > 0; tries++) await wait(100);
  await Deno.remove(scratch, { recursive: true });
  await Deno.remove(out, { recursive: true });
  return found;
}

Deno.test("every task stands in the table of faults, by itself or as another one", () => {
  const named = [...Object.keys(TASK_FAULTS), ...Object.keys(SAME_PROGRAM)].sort();
  assertEquals(named, TASKS.map(({ name }) => name).sort());
  for (const [name, of] of Object.entries(SAME_PROGRAM)) {
    assertEquals(taskNamed(TASKS, name).program[0], taskNamed(TASKS, of).program[0]);
  }
});

for (const [name, faults] of Object.entries(TASK_FAULTS)) {
  Deno.test({
    name: `deno task ${
      `${name} ${faults.works}`.trim()
    }, ended by a signal, says so by its code, leaves no process, no scratch folder and no half of a file`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await Promise.all(
        Object.entries(SIGNALS).map(async ([signal, expected]) => {
          const { code, said, files, processes, out } = await endedBy(signal as keyof typeof SIGNALS, name, faults);
          const where = `${signal}: code ${code}, ${files.join(" ")}, ${out.join(" ")}, ${said}`;
          assert([expected, 0, 1, ...faults.ownCodes ?? []].includes(code), where);
          assert(!STACK.test(said), where);
          if (signal === "SIGKILL") return;
          assertEquals([files, processes], [[], 0], where);
          assertEquals(out.filter((name) => name.endsWith(".tmp")), [], where);
        }),
      );
    },
  });
}
