import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { Ready } from "../../tools/exercises/ready.ts";
import { makeReady, runTests, type TestRun } from "../../tools/exercises/run_tests.ts";
import { savedState } from "../../tools/exercises/saved.ts";
import { ReadyTests } from "../../tools/learn/ready_tests.ts";
import { goodFiles, writeExercise } from "./sample_exercise.ts";

const LIMITS = { limit: 60_000, cpuSeconds: 60, options: ["--no-check"], std: "npm" } as const;
const SOLVED = goodFiles["solution.ts"];

/** An exercise's test file, with this text as the answer. */
async function testOf(text: string): Promise<string> {
  const { folder } = await writeExercise({ "exercise.ts": text });
  return `${folder.pathname}exercise_test.ts`;
}

async function readyRun(path: string, more: Partial<Parameters<typeof runTests>[1]> = {}): Promise<TestRun> {
  using ready = await makeReady(path, LIMITS);
  assert(ready !== undefined);
  return await runTests([path], { ...LIMITS, ready, ...more });
}

Deno.test("a process that stood ready says what one says that is started for the tests", async () => {
  const texts = [
    SOLVED,
    goodFiles["exercise.ts"],
    "export function increment( {",
    `throw new Error("at the top");\n${SOLVED}`,
    "export const other = 1;",
    `import data from "/etc/hostname" with { type: "text" };\n${SOLVED}`,
    `await import(["", "etc", "hostname"].join("/"));\n${SOLVED}`,
    `Deno.readTextFileSync("/etc/hostname");\n${SOLVED}`,
  ];
  for (const text of texts) {
    const path = await testOf(text);
    const [ready, started] = await Promise.all([readyRun(path), runTests([path], LIMITS)]);
    assertEquals(ready, started, text);
  }
});

Deno.test("an endless loop in a process that stood ready is stopped, and so is a run that is not wanted any more", async () => {
  const loop = await testOf(goodFiles["exercise.ts"].replace("return n;", "while (n > 0) { n++; n--; }\n  return n;"));
  assertEquals(await readyRun(loop, { cpuSeconds: 1 }), { kind: "stopped" });
  assertEquals(await readyRun(loop, { signal: AbortSignal.abort() }), { kind: "stopped" });
});

/** Fails and says which module was started. */
const TELLS = goodFiles["exercise.ts"].replace("return n;", "throw new Error(Deno.mainModule);");

Deno.test("the second run of a session is that of the process that the first has left ready", async () => {
  const path = await testOf(TELLS);
  await using tests = new ReadyTests();
  const told = async () => JSON.stringify(await tests.run(path, LIMITS));
  assertStringIncludes(await told(), "/exercise_test.ts");
  assertStringIncludes(await told(), "/ready_process.ts");
  assertStringIncludes(await told(), "/ready_process.ts");
});

Deno.test("a process that has loaded what was saved since is not used", async () => {
  const path = await testOf(SOLVED);
  const folder = new URL(`file://${await Deno.makeTempDir()}/`);
  await Deno.mkdir(new URL("mmu/", folder));
  const source = new URL("mmu/walk.ts", folder);
  await Deno.writeTextFile(source, "export const P = 1;");
  using ready = new Ready(["--no-config"], {}, [folder]);
  assert(ready.isCurrent);
  await Deno.writeTextFile(source, "export const P = 0x1;");
  assert(!ready.isCurrent);
  ready.test = () => Promise.reject(new Error("It was used."));
  assertEquals((await runTests([path], { ...LIMITS, ready })).kind, "ran");
});

Deno.test("what is saved shows in the state of its folder: a text, a file more, a file less, in a folder of it too", async () => {
  const folder = new URL(`file://${await Deno.makeTempDir()}/`);
  const states = [savedState(folder)];
  const inner = new URL("mmu/", folder);
  await Deno.mkdir(inner);
  for (const [name, text] of [["a.ts", "1"], ["a.ts", "12"], ["mmu/b.ts", "1"], ["mmu/b.ts", "123"]] as const) {
    await Deno.writeTextFile(new URL(name, folder), text);
    states.push(savedState(folder));
  }
  await Deno.remove(new URL("mmu/b.ts", folder));
  states.push(savedState(folder));
  states.forEach((state, i) => i > 0 && assertNotEquals(state, states[i - 1]));
  await Deno.writeTextFile(new URL("notes.txt", folder), "no source");
  assertEquals(savedState(folder), states.at(-1));
});
