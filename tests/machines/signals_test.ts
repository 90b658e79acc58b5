import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { run, start } from "../../tools/command/process.ts";
import { taskLines, taskNamed } from "../tools/task_lines.ts";

const BOOT = fileURLToPath(new URL("../fixtures/boots/3.16.7-586-pentium3-128M.jsonl.gz", import.meta.url));

/** Tasks that work for a while, each where it has something to undo: a scratch folder, a child, a file half written. */
const WORK: readonly (readonly string[])[] = [
  ["book", "1", "2", "3"],
  ["check-exercises"],
  ["docs", "--out", "out"],
  ["pack", "--out", "out"],
  ["mutants", "mmu", "--only", "NX"],
  ["test", "tests/core/mmu"],
  ["learn"],
  ["matrix", "two-level"],
  ["debate", "--memory", "896M", "--out", "out"],
  ["hunt", "--runs", "20000"],
  ["timeline", BOOT, "--out", "out.html"],
  ["site", "--out", "out"],
  ["bench"],
  ["notebooks", "1"],
  ["jupyter", "--no-browser"],
  ["record", "--out", "out.rec", "--", "qemu-system-x86_64", "-nodefaults", "-m", "16M"],
  ["reference", "qemu", "--cases", "20000"],
  ["settle", "write-always"],
];
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGKILL: 137 } as const;

const TASKS = await taskLines();
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What a task without its programs says: no Jupyter, no guest, no reference; and a recording that a signal ends before there is a page table. */
const OWN_CODES: Readonly<Record<string, readonly number[]>> = {
  notebooks: [2],
  jupyter: [2],
  record: [2],
  reference: [3],
  settle: [3],
};

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
async function atWork(scratch: string): Promise<void> {
  for (let waited = 0; waited < 6000; waited += 200) {
    await wait(200);
    if ((await left(scratch)).length > 1 || (await namesIn(scratch)).length > 0) break;
  }
  await wait(300);
}

async function endedBy(signal: keyof typeof SIGNALS, [name = "", ...args]: readonly string[]) {
  const scratch = await Deno.realPath(await Deno.makeTempDir());
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  const { flags, program } = taskNamed(TASKS, name);
  const env = { TMPDIR: scratch, INIT_CWD: cwd, NO_COLOR: "1", TEXTBOOK_STD: "npm", RUST_BACKTRACE: "0" };
  const child = start(Deno.execPath(), ["run", "-q", ...flags, ...program, ...args], {
    env,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  });
  await atWork(scratch);
  try {
    child.kill(signal);
  } catch {
    // it has ended by itself: a fast machine
  }
  const [said, { code }] = await Promise.all([new Response(child.stderr).text(), child.status]);
  child.stdin.close().catch(() => {});
  for (let tries = 0; tries < 20 && (await left(scratch)).length > 0 && signal !== "SIGKILL"; tries++) await wait(500); // a child of a child takes its time to end
  const processes = await left(scratch);
  const found = { code, said, files: await namesIn(scratch), processes: processes.length, out: await namesIn(cwd) };
  for (const pid of processes) await run("kill", ["-KILL", `${pid}`]); // nobody else ends what a killed task has started
  for (let tries = 0; tries < 20 && (await left(scratch)).length > 0; tries++) await wait(100);
  await Deno.remove(scratch, { recursive: true });
  await Deno.remove(cwd, { recursive: true });
  return found;
}

for (const line of WORK) {
  Deno.test({
    name: `deno task ${
      line.join(" ")
    }, ended by a signal, says so by its code, leaves no process, no scratch folder and no half of a file`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await Promise.all(
        Object.entries(SIGNALS).map(async ([signal, expected]) => {
          const { code, said, files, processes, out } = await endedBy(signal as keyof typeof SIGNALS, line);
          const where = `${signal}: code ${code}, ${files.join(" ")}, ${out.join(" ")}, ${said}`;
          assert([expected, 0, 1, ...OWN_CODES[line[0] ?? ""] ?? []].includes(code), where);
          assert(!/\n\s+at /.test(said), where);
          if (signal === "SIGKILL") return;
          assertEquals([files, processes], [[], 0], where);
          assertEquals(out.filter((name) => name.endsWith(".tmp")), [], where);
        }),
      );
    },
  });
}

const mounts = await run("unshare", ["-m", "true"]).then(({ code }) => code === 0, () => false);

Deno.test({
  name: `on a full disk a report is one line, and the old one stays whole${
    mounts ? "" : " (skipped: unshare -m is not permitted)"
  }`,
  ignore: !mounts,
  async fn() {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    const debate = "deno task -q debate --platform xen-pae --strategy write-always --memory 16M --out";
    const script = [
      `mount -t tmpfs -o size=40k none "${folder}"`,
      `echo old > "${folder}/report.html"`,
      `${debate} "${folder}" > /dev/null`,
      "echo code $? >&2",
      `cat "${folder}/report.html"; ls -A "${folder}"`,
    ].join("\n");
    const path = `${Deno.execPath().replace(/\/[^/]*$/, "")}:/usr/bin:/bin`;
    const { out, err } = await run("unshare", ["-m", "sh", "-c", script], { env: { PATH: path, NO_COLOR: "1" } });
    assertEquals(err, `debate: cannot write ${folder}/report.html: No space left on device\ncode 2\n`);
    assertEquals(out, "old\nreport.html\n");
  },
});

Deno.test("on a full device every task that prints says so in one line, and exits 2", async () => {
  const lines = ["matrix --help", "explain tests/fixtures/kernels/linux61-686-pae.json 0xc1000000", "learn --list"];
  for (const line of lines) {
    const [name = "", ...args] = line.split(" ");
    const { flags, program } = taskNamed(TASKS, name);
    const words = [Deno.execPath(), "run", "-q", ...flags, ...program, ...args].map((word) => `'${word}'`).join(" ");
    const { code, err } = await run("sh", ["-c", `${words} > /dev/full`]);
    assertEquals([code, err], [2, `${name}: cannot write the results: No space left on device\n`]);
  }
});

Deno.test("a reader that has gone is no complaint, and the exit code says so", async () => {
  const { flags, program } = taskNamed(TASKS, "audit");
  const state = "tests/fixtures/kernels/linux61-amd64-4level.json";
  const words = [Deno.execPath(), "run", "-q", ...flags, ...program, state, "--leaves"].map((it) => `'${it}'`).join(
    " ",
  );
  const { out, err } = await run("bash", ["-c", `${words} | head -1 | wc -l; echo "\${PIPESTATUS[0]}"`]);
  assertEquals([out, err], ["1\n141\n", ""]);
});

Deno.test("on a terminal of 20 columns, and without a home, a task is as any other", async () => {
  const { flags, program } = taskNamed(TASKS, "debate");
  const words = [Deno.execPath(), "run", "-q", ...flags, ...program, "--platform", "xen-pae", "--memory", "16M"].join(
    " ",
  );
  const folder = await Deno.makeTempDir();
  const line = `stty cols 20 && unset HOME && ${words} --out ${folder}`;
  const { out, code } = await run("script", ["-qec", line, "/dev/null"], { env: { NO_COLOR: "1" } });
  assertEquals(code, 0, out);
  assert(out.includes("report: ") && !/\n\s+at /.test(out), out);
});
