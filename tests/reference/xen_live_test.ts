import { runDeno } from "../../tools/command/process.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { taskLines } from "../tools/task_lines.ts";

const OPS = 3_000;
/** Fixed, so that a failure can be had again; by hand `deno task reference xen` takes a random one. */
const SEED = 20070428;

const task = (await taskLines()).find(({ name }) => name === "reference");
/** The permissions of the task's line: a live machine needs what tests are not given themselves. */
const PERMISSIONS = task?.flags ?? [];

/** Runs the task as a user would. */
async function reference(permissions: readonly string[], ...args: string[]) {
  const { code, out, err } = await runDeno([
    "run",
    "--no-prompt",
    ...permissions,
    "tools/reference.ts",
    "xen",
    ...args,
  ]);
  return { code, out, err: err.trim() };
}

const presence = await reference(PERMISSIONS, "--ops", "0");
const absent = presence.code === 3;
Deno.test({
  name: `the hypervisor agrees with the live Xen on ${OPS} fresh operations of seed ${SEED}` +
    (absent ? ` (skipped: ${presence.err})` : ""),
  ignore: absent,
  async fn() {
    const { code, out, err } = await reference(PERMISSIONS, "--ops", `${OPS}`, "--seed", `${SEED}`);
    assertEquals({ code, err }, { code: 0, err: "" }, out);
    assertMatch(out, new RegExp(`^seed ${SEED}: 3,000 operations on Xen\nXen 4\\.17\\.`));
    assertMatch(out, /\nno difference in (2,9\d\d|3,000) operations\n/); // at most one in a hundred is missing
  },
});

Deno.test("deno task reference xen refuses a wrong command line in one line, with exit 2", async () => {
  for (const args of [["--ops"], ["--ops", "-1"], ["--ops", "100001"], ["--cases", "5"], ["--seed", "0x10"], ["7"]]) {
    const { code, err } = await reference(["--allow-read=."], ...args);
    assertEquals(code, 2, args.join(" "));
    assertMatch(err, /^reference: \P{Cc}{10,}$/u, args.join(" "));
  }
});

Deno.test("where Xen cannot be asked, deno task reference xen names the packages and exits 3", async () => {
  // an empty cache folder, and no right to see /usr or /boot
  const folder = await Deno.makeTempDir();
  const rights = [`--allow-read=.,${folder}`, `--allow-write=${folder}`, "--allow-env=XDG_CACHE_HOME,HOME"];
  const { code, err } = await runDeno(["run", "--no-prompt", ...rights, "tools/reference.ts", "xen"], {
    env: { XDG_CACHE_HOME: folder },
  });
  const missing = "qemu-system-x86 gcc xen-hypervisor-4.17-amd64; --fetch downloads the last";
  assertEquals([code, err], [3, `Xen cannot be asked here: apt-get install ${missing}\n`]);
});
