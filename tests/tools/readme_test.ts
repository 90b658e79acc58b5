import { assert, assertEquals } from "@std/assert";
import { NAMES } from "../../tools/offline/names.ts";
import { captureCommand } from "../../tools/capture.ts";
import { stateFiles } from "../../tools/capture/write.ts";
import { runDeno } from "../../tools/command/process.ts";
import { importMapUrl } from "../../tools/offline/import_map.ts";
import { runTask, taskLines, taskNamed } from "./task_lines.ts";

const PAGES = ["README.md", "docs/commands.md", "chapters/README.md"];
const TASKS = await taskLines();

/** What the README's example state is when it is tried. */
const STATE = "tests/fixtures/kernels/linux61-amd64-4level.json";

interface Line {
  readonly page: string;
  readonly task: string;
  readonly args: readonly string[];
}

/** The `deno task` lines of a page, in and out of blocks. */
async function taskLinesOf(page: string): Promise<Line[]> {
  const text = await Deno.readTextFile(page);
  return [...text.matchAll(/deno task ([a-z][\w-]*)((?: [^\s`#|]+)*)/g)].map(([, task = "", rest = ""]) => ({
    page,
    task,
    args: rest.trim().split(" ").filter((word) => word !== ""),
  }));
}

const LINES = (await Promise.all(PAGES.map(taskLinesOf))).flat();

Deno.test("every task that the pages name is one, and knows the options that they name", async () => {
  assert(LINES.length > 12);
  for (const [task, lines] of Map.groupBy(LINES, ({ task }) => task)) {
    const line = taskNamed(TASKS, task);
    const named = lines.flatMap(({ page, args }) => args.map((arg) => ({ page, arg })));
    const options = named.filter(({ arg }) => arg.startsWith("--") && arg !== "--help");
    const { out } = options.length === 0 ? { out: "" } : await runTask(line, "--help");
    for (const { page, arg } of options) assert(out.includes(arg), `${page}: deno task ${task} has no ${arg}`);
  }
});

Deno.test("every command of the README does what it says, on a recorded machine where it needs one", async () => {
  const [audit, explain] = ["audit", "explain"].map((name) =>
    LINES.find(({ page, task }) => page === "README.md" && task === name)
  );
  const args = ({ args }: Line) => args.map((arg) => arg === "guest.json" ? STATE : arg);
  assert(audit !== undefined && explain !== undefined);
  const audited = await runTask(taskNamed(TASKS, "audit"), ...args(audit));
  assertEquals([audited.code, audited.err], [0, ""]);
  assert(audited.out.includes("findings"));
  const explained = await runTask(taskNamed(TASKS, "explain"), ...args(explain));
  assertEquals([explained.code, explained.err], [0, ""]);
  assert(explained.out.includes("PML4E"));
});

Deno.test("the README's main command prints the matrix and writes the report where it says", async () => {
  const folder = await Deno.makeTempDir();
  const { code, out, err } = await runTask(taskNamed(TASKS, "debate"), "--platform", "native-p6", "--out", folder);
  assertEquals([code, err], [0, ""]);
  assert(out.includes("write-always") && out.includes(`report: ${folder}/report.html`));
  assert((await Deno.stat(`${folder}/report.html`)).isFile);
});

Deno.test("the README's capture has a socket and names that the command takes", () => {
  const capture = LINES.find(({ page, task }) => page === "README.md" && task === "capture");
  assertEquals(capture?.args, ["qmp.sock", "--out", "guest.json"]);
  assertEquals(stateFiles("guest.json").frames, "guest.pt.gz");
  assert(captureCommand.help.includes("-qmp unix:qmp.sock,server=on,wait=off"));
});

Deno.test("the README is short, and what it links to is there", async () => {
  const text = await Deno.readTextFile("README.md");
  assert(text.split("\n").length <= 100);
  const links = [...text.matchAll(/(?:\]\(|src="|srcset=")(?!https:)([^)"]+)/g)].map(([, link = ""]) => link);
  assert(links.length >= 5);
  for (const link of links) assert((await Deno.stat(link.replace(/#.*/, ""))).isFile, link);
});

Deno.test("the README's example is short, and prints what its comments say", async () => {
  const text = await Deno.readTextFile("README.md");
  const [example = "", ...others] = [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
  assertEquals(others, []);
  assert(example.split("\n").length - 1 <= 15);
  const path = `${await Deno.makeTempDir()}/example.ts`;
  await Deno.writeTextFile(path, example);
  const map = `--import-map=${importMapUrl(NAMES, new URL("../../", import.meta.url))}`;
  const { code, out, err } = await runDeno(["run", "--no-prompt", "--no-lock", "--no-check", map, path], {
    env: { NO_COLOR: "1" },
  });
  assertEquals([code, err], [0, ""]);
  assertEquals(
    out.trim().split("\n"),
    [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => said),
  );
});
