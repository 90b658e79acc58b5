import { assert, assertEquals } from "@std/assert";
import { type Ended, runTask, taskLines } from "../tools/task_lines.ts";

const CASES = 5_000;
const SESSIONS = 5_000;
/** Fixed, so that a failure can be had again; by hand `deno task reference` takes a random one. */
const SEED = 20070428;

/** Runs the task as a user would, with the permissions of its line: a live machine needs what tests are not given themselves. */
async function reference(...args: string[]): Promise<Ended> {
  const task = (await taskLines()).find(({ name }) => name === "reference");
  assert(task !== undefined);
  return await runTask(task, ...args);
}

for (const id of ["bochs", "qemu"]) {
  const presence = await reference(id, "--cases", "0");
  const absent = presence.code === 3;
  Deno.test({
    name: `the machine agrees with ${id} on ${CASES} fresh cases of seed ${SEED}` +
      (absent ? ` (skipped: ${presence.err.trim()})` : ""),
    ignore: absent,
    async fn() {
      const { code, out, err } = await reference(id, "--cases", `${CASES}`, "--seed", `${SEED}`);
      assertEquals({ code, err }, { code: 0, err: "" }, out);
    },
  });
  Deno.test({
    name: `the machine does in ${SESSIONS} paging sessions of seed ${SEED} what ${id} does, or what the manual allows` +
      (absent ? ` (skipped: ${presence.err.trim()})` : ""),
    ignore: absent,
    async fn() {
      const { code, out, err } = await reference(id, "--sessions", `${SESSIONS}`, "--seed", `${SEED}`);
      assertEquals({ code, err }, { code: 0, err: "" }, out);
    },
  });
}
