import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Command } from "../../tools/command.ts";
import { ROOT } from "../../tools/command/root.ts";
import { runHere } from "./run_here.ts";
import { runTask, type TaskLine, taskLines, taskNamed } from "./task_lines.ts";

const TASKS = await taskLines();

/** Tasks that hand on what they do not know: to `deno test` and `deno check`. */
const HANDING_ON = TASKS.filter(({ program }) => program[0] === "tools/deno.ts").map(({ name }) => name);

const PAGE = await Deno.readTextFile("docs/commands.md");

/** What a task may do and why, by task, as docs/commands.md has it. */
const documented = new Map(
  PAGE.split("\n")
    .map((line) => /^\| `([\w-]+)` +\| `(-[^`]+)` +\| (.*?) +\|$/.exec(line))
    .map((row) => [row?.[1] ?? "", { flags: row?.[2]?.split(" "), why: row?.[3] ?? "" }] as const)
    .filter(([name]) => name !== ""),
);

/** The command that a task runs. */
async function commandOf({ name, program: [path = ""] }: TaskLine): Promise<Command> {
  const exported: Record<string, unknown> = await import(new URL(path, ROOT).href);
  const command = Object.values(exported).find((it) => typeof it === "object" && it !== null && "run" in it);
  assertEquals((command as Command | undefined)?.name, name);
  return command as Command;
}

/** The options that a usage line names. */
function optionsIn(help: string): string[] {
  const usage = /^usage: [^]*?\n\n/m.exec(help)?.[0] ?? "";
  return [...new Set(usage.match(/--[a-z-]+/g) ?? []), "--help"];
}

for (const task of TASKS) {
  const { name } = task;

  Deno.test(`deno task ${name} --help says how it is used, with every option, exit codes and an example`, async () => {
    const { code, out, err } = await runTask(task, "--help");
    assertEquals([code, err], [0, ""]);
    assertMatch(out, new RegExp(`^usage: deno task ${name}\\b`, "m"));
    assertMatch(out, new RegExp(`^example: deno task ${name}\\b`, "m"));
    assertMatch(out, /^(.*\. )?Exit codes: 0 /m);
    for (const option of optionsIn(out)) assertMatch(out, new RegExp(`^ +(\\S+, )?${option}\\b`, "m"), option);
    assert(out.split("\n").every((line) => line.length <= 130), "a line is too long for a terminal");
    assert(!out.includes("\x1b"));
  });

  if (HANDING_ON.includes(name)) continue;
  Deno.test(`deno task ${name} refuses an unknown option in one line that says what to do, and exits 2`, async () => {
    const { code, out, err } = await runHere(await commandOf(task), "--hepl");
    assertEquals([code, out], [2, ""]);
    assertEquals(err, `${name}: unknown option --hepl; did you mean --help?; see deno task ${name} --help\n`);
  });
}

Deno.test("docs/commands.md says of every task what it does and with which codes it ends", () => {
  const [first = ""] = PAGE.split("\n## ", 1);
  for (const { name } of TASKS) assert(first.includes(`\`${name}\``), name);
});

Deno.test("every task has the permissions that docs/commands.md says, asks for no more, and the reason is given", () => {
  const permissions = (flags: readonly string[]) => flags.filter((flag) => flag !== "--no-prompt").sort();
  for (const { name, flags } of TASKS) {
    const row = documented.get(name);
    assertEquals(permissions(row?.flags ?? []), permissions(flags), `${name}: docs/commands.md says something else`);
    assert((row?.why ?? "").length > 10, `${name}: docs/commands.md does not say why`);
    assert(flags.includes("--no-prompt") || flags.includes("-A"), `${name} may ask for more`);
  }
  assertEquals([...documented.keys()].filter((name) => !TASKS.some((task) => task.name === name)), []);
});

Deno.test("who reads a stranger's file may write nothing, and who writes may start nothing, but for the project's own checks and for the guard of a guest", () => {
  const may = (task: TaskLine, what: string) =>
    task.flags.some((flag) => flag === "-A" || flag.startsWith(`--allow-${what}`));
  for (const name of ["explain", "replay", "replay-xen", "replay-boot"]) {
    for (const what of ["write", "run", "net", "ffi", "sys"]) {
      assert(!may(taskNamed(TASKS, name), what), `${name} ${what}`);
    }
  }
  for (const name of ["audit", "debate"]) {
    for (const what of ["run", "ffi", "sys", "net"]) assert(!may(taskNamed(TASKS, name), what), `${name} ${what}`);
  }
  for (const what of ["ffi", "sys"]) assert(!may(taskNamed(TASKS, "capture"), what), what);
});
