import { STRATEGIES } from "../../mod.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { debateCommand } from "../../tools/debate.ts";
import { Progress } from "../../tools/report/progress.ts";
import { runIn } from "../tools/run_here.ts";
import type { Ended } from "../tools/task_lines.ts";

async function run(folder: string, ...args: string[]): Promise<Ended> {
  return await runIn({ folder }, debateCommand, ...args);
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(name);
  return found.sort();
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const SMALL = ["--platform", "native-p6", "--platform", "xen-pae", "--memory", "16M"];

/** Two reports of the same cells, each read by two tests. */
const written = await Deno.makeTempDir();
const first = await run(written, ...SMALL, "--out", "a/b");
const second = await run(written, "--json", ...SMALL, "--out", "2");

Deno.test("the command prints a table and writes report and figures", async () => {
  const { code, out, err } = first;
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "filter-set-pte");
  assertStringIncludes(out, "report: a/b/report.html (and 4 figures)");
  assertEquals(await names(`${written}/a/b`), [
    "coverage-native-p6.svg",
    "coverage-xen-pae.svg",
    "permission-errors.svg",
    "report.html",
    "verdicts.svg",
  ]);
});

Deno.test("--json prints one JSON document of the rows, and writes nothing", async () => {
  await withFolder(async (folder) => {
    const { code, out, err } = await run(folder, "--json", ...SMALL);
    assertEquals([code, err], [0, ""]);
    const { rows } = JSON.parse(out);
    assertEquals(rows.length, 2 * STRATEGIES.length);
    for (const row of rows) {
      const expected = ["booted", "cost", "coverage", "memoryBytes", "permissionErrors", "platform", "strategy"];
      assertEquals(Object.keys(row).filter((key) => key !== "stop" && key !== "void").sort(), expected);
      const { mapped, wrongFrame, unmapped, lowmemPages } = row.coverage;
      assertEquals(mapped + wrongFrame + unmapped, lowmemPages);
    }
    assertEquals(await names(folder), []);
  });
});

Deno.test("--json with --out writes the report as well, and says nothing else", async () => {
  assertEquals(JSON.parse(second.out).rows.length, 2 * STRATEGIES.length);
  assertEquals((await names(`${written}/2`)).length, 5);
});

Deno.test("the command twice writes the same bytes", async () => {
  assertEquals(await names(`${written}/2`), await names(`${written}/a/b`));
  for (const name of await names(`${written}/2`)) {
    assert(await Deno.readTextFile(`${written}/a/b/${name}`) === await Deno.readTextFile(`${written}/2/${name}`), name);
  }
});

Deno.test("a complaint is one line on stderr, code 2, and nothing is written", async () => {
  await withFolder(async (folder) => {
    for (const args of [["--platform", "xen"], ["--strategy", "x"], ["--memory", "1M"], ["--what"], ["word"]]) {
      const { code, out, err } = await run(folder, ...args);
      assertEquals([code, out, err.split("\n").length], [2, "", 2], err);
      assert(err.startsWith("debate: "));
    }
    assertEquals(await names(folder), []);
  });
});

Deno.test("a folder that cannot be made is a complaint too", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const { code, err } = await run(folder, "--platform", "native-486", "--memory", "16M", "--out", "file/below");
    assertEquals([code, err.split("\n").length], [2, 2]);
    assertStringIncludes(err, "cannot write ");
  });
});

Deno.test("--help prints the help and computes nothing", async () => {
  const { code, out } = await run(".", "--help");
  assertEquals(code, 0);
  assertStringIncludes(out, "usage: deno task debate");
});

Deno.test("progress is silent for a second, then counts, then leaves no trace", () => {
  let [now, said] = [0, ""];
  const progress = new Progress((text) => said += text, () => now);
  progress.step(1, 9);
  now = 999;
  progress.step(2, 9);
  assertEquals(said, "");
  now = 1000;
  progress.step(3, 9);
  assertEquals(said, "\r3 of 9 boots");
  progress.end();
  assertEquals(said, "\r3 of 9 boots\r\x1b[K");
});
