import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Exercise } from "../../tools/exercises/exercise.ts";
import { checkTypes, runTests, type TestRun } from "../../tools/exercises/run_tests.ts";
import { Learner, materialOf, type Surroundings } from "../../tools/learn/learn.ts";
import { changeProgress, loadProgress, saveProgress } from "../../tools/learn/progress.ts";
import { NO_PROGRESS, type Progress } from "../../tools/learn/progress_text.ts";
import { openSession } from "../../tools/learn/session.ts";
import type { Terminal } from "../../tools/learn/terminal.ts";
import { link } from "../tools/hostile_state.ts";
import { goodFiles, writeExercise } from "./sample_exercise.ts";

const SOLVED = goodFiles["solution.ts"];
const LIMIT = 60_000;

async function progressFile(text?: string): Promise<string> {
  const path = `${await Deno.makeTempDir()}/.progress.json`;
  if (text !== undefined) await Deno.writeTextFile(path, text);
  return path;
}

Deno.test("progress that was saved is there again, and nothing is done where no file is", async () => {
  const path = await progressFile();
  assertEquals(await loadProgress(path), { progress: NO_PROGRESS, note: "" });
  await saveProgress(path, { solved: ["a/1"], hints: { "a/2": 2 } });
  assertEquals(await loadProgress(path), { progress: { solved: ["a/1"], hints: { "a/2": 2 } }, note: "" });
});

Deno.test("two sessions lose nothing of each other's", async () => {
  const path = await progressFile();
  await saveProgress(path, { solved: ["a/1"], hints: { "a/2": 1, "a/3": 3 } });
  await saveProgress(path, { solved: ["b/1"], hints: { "a/2": 2, "a/3": 1 } });
  assertEquals((await loadProgress(path)).progress, { solved: ["a/1", "b/1"], hints: { "a/2": 2, "a/3": 3 } });
});

Deno.test("changes at once wait for each other, and none is lost", async () => {
  const path = await progressFile();
  const more = ({ solved, hints }: Progress) => ({ solved, hints: { "a/1": (hints["a/1"] ?? 0) + 1 } });
  await Promise.all(Array.from({ length: 8 }, () => changeProgress(path, more)));
  assertEquals((await loadProgress(path)).progress.hints, { "a/1": 8 });
});

Deno.test("each file that is no progress is kept, and so is a folder of that name", async () => {
  const path = await progressFile("first");
  assertStringIncludes((await loadProgress(path)).note, `${path}.broken;`);
  await Deno.writeTextFile(path, "second");
  assertStringIncludes((await loadProgress(path)).note, `${path}.broken-2;`);
  await Deno.mkdir(path);
  assertStringIncludes((await loadProgress(path)).note, `${path}.broken-3;`);
  assertEquals(await Deno.readTextFile(`${path}.broken`), "first");
  assertEquals(await Deno.readTextFile(`${path}.broken-2`), "second");
  assert((await Deno.stat(`${path}.broken-3`)).isDirectory);
});

for (
  const text of [
    "",
    '{"solved": [], "hints": {"a/1": -1}}',
    '{"solved": [], "hints": {"a/1": 1.5}}',
    "{",
    "[]",
    "null",
    '{"solved": "all", "hints": {}}',
    '{"solved": [1], "hints": {}}',
    '{"solved": []}',
  ]
) {
  Deno.test(`a progress file that holds ${JSON.stringify(text)} is put aside, not lost and not used`, async () => {
    const path = await progressFile(text);
    const { progress, note } = await loadProgress(path);
    assertEquals(progress, NO_PROGRESS);
    assertStringIncludes(note, `${path}.broken`);
    assertEquals(await Deno.readTextFile(`${path}.broken`), text);
  });
}

/** Runs the exercise with this text; types are checked only where they matter, for that takes longer than all else. */
async function ranOn(
  exerciseText: string,
  { limit = LIMIT, cpuSeconds = 60, signal, check = false }: {
    limit?: number;
    cpuSeconds?: number;
    signal?: AbortSignal;
    check?: boolean;
  } = {},
): Promise<TestRun> {
  const { folder } = await writeExercise({ "exercise.ts": exerciseText });
  return await runTests([`${folder.pathname}exercise_test.ts`], {
    limit,
    cpuSeconds,
    options: check ? [] : ["--no-check"],
    std: "npm",
    ...(signal === undefined ? {} : { signal }),
  });
}

Deno.test("a run says which tests fail, and in which words", async () => {
  const failed = await ranOn(goodFiles["exercise.ts"]);
  assertEquals(failed.kind === "ran" && failed.cases.map(({ name, failure }) => [name, failure?.message]), [
    ["one more than two is three", "Expected 3"],
  ]);
  const passed = await ranOn(SOLVED);
  assertEquals(passed.kind === "ran" && passed.cases.map(({ failure }) => failure), [undefined]);
});

Deno.test("a file that does not parse, does not type-check or throws at its top is broken, and says why", async () => {
  const broken: readonly (readonly [string, string])[] = [
    ["export function increment( {", "exercise.ts:1"],
    [goodFiles["exercise.ts"].replace("return n;", 'return "n";'), "TS2322"],
    [`throw new Error("at the top");\n${SOLVED}`, "at the top"],
    ["export const other = 1;", "increment"],
  ];
  await Promise.all(broken.map(async ([text, said]) => {
    const run = await ranOn(text, { check: said === "TS2322" });
    assert(run.kind === "broken", run.kind);
    assertStringIncludes(run.said, said);
  }));
});

/** Imports that lead out of the project, and what the learner is told of each. */
const FOREIGN: readonly (readonly [kind: string, line: string, said: string])[] = [
  ["text", 'import data from "/etc/hostname" with { type: "text" };', "leads out of the project"],
  ["bytes", 'import data from "file:///etc/hostname" with { type: "bytes" };', "leads out of the project"],
  ["JSON", 'import data from "../../../../../../etc/hostname" with { type: "json" };', "leads out of the project"],
  ["a module", 'import "/etc/hostname.ts";', "leads out of the project"],
  ["types alone", 'import type { A } from "/etc/hostname.ts";', "leads out of the project"],
  ["a reference", '/// <reference path="/etc/hostname" />', "leads out of the project"],
  ["a data URL", `import "data:text/javascript,import%20'file:///etc/hostname.js'";`, "leads out of the project"],
  ["npm", 'import "npm:@pagetable-init/never-published@1.0.0";', "needs the network"],
  ["JSR", 'import "jsr:@scope/none@1";', "needs the network"],
  ["https", 'import "https://example.com/a.ts";', "needs the network"],
  ["a dynamic one", 'await import("/etc/hostname", { with: { type: "text" } });', "leads out of the project"],
  ["a computed one", 'await import(["", "etc", "hostname"].join("/"));', "leads out of the project"],
  [
    "a dynamic one of the network",
    'await import("http://127.0.0.1:9/a.json", { with: { type: "json" } });',
    "needs the network",
  ],
  ["reading", 'Deno.readTextFileSync("/etc/hostname");', "Requires read access"],
  ["a request", 'await fetch("https://example.com");', "Requires net access"],
];

Deno.test("an exercise gets no file from outside the project and no network, by any kind of import", async () => {
  const all = await Promise.all(FOREIGN.map(async ([kind, line, words]) => {
    const run = await ranOn(`${line}\n${SOLVED}`, { check: kind.includes("types") || kind.includes("reference") });
    const said = run.kind === "broken" ? run.said : JSON.stringify(run);
    return said.includes(words) ? [] : [`${kind}: expected "${words}" but found ${said}`];
  }));
  assertEquals(all.flat(), []);
});

Deno.test("a link in an exercise's folder leads nowhere else either", async () => {
  const { folder } = await writeExercise({ "exercise.ts": SOLVED });
  await link("/etc/hostname", `${folder.pathname}data.txt`);
  const run = await runTests([`${folder.pathname}exercise_test.ts`], { limit: LIMIT, std: "npm" });
  assert(run.kind === "broken", run.kind);
  assertStringIncludes(run.said, "data.txt is a link that leads out of the project");
});

Deno.test("an exercise imports its own files, files of the project, and the names of the project", async () => {
  const lines = [
    'import text from "./hints.md" with { type: "text" };',
    `import { P } from "@pagetable-init/textbook/mmu";`,
    'if (!text.includes("Hint 1") || P !== 1) throw new Error("not imported");',
  ];
  const run = await ranOn(`${lines.join("\n")}\n${SOLVED}`);
  assertEquals(run.kind === "ran" && run.cases.map(({ failure }) => failure), [undefined]);
});

Deno.test("an endless loop is stopped at the limit, also one that prints", async () => {
  const loop = (body: string) =>
    goodFiles["exercise.ts"].replace("return n;", `while (n > 0) { ${body} }\n  return n;`);
  const bodies = ["n++; n--;", 'console.log("x".repeat(4096));'];
  const runs = await Promise.all(bodies.map((body) => ranOn(loop(body), { cpuSeconds: 1 })));
  assertEquals(runs, [{ kind: "stopped" }, { kind: "stopped" }]);
});

Deno.test("what waits and does nothing is stopped by the clock", async () => {
  const waits = `setInterval(() => {}, 1000);\nawait new Promise(() => {});\n${SOLVED}`;
  assertEquals(await ranOn(waits, { limit: 1_500 }), { kind: "stopped" });
});

Deno.test("types are checked beside the run: what the compiler says of them, and nothing if they fit", async () => {
  const said = async (text: string) => {
    const { folder } = await writeExercise({ "exercise.ts": text });
    return await checkTypes([`${folder.pathname}exercise_test.ts`], { std: "npm" });
  };
  const wrong = goodFiles["exercise.ts"].replace("return n;", 'return "n";');
  assertEquals((await ranOn(wrong)).kind, "ran");
  assertStringIncludes(await said(wrong), "TS2322");
  assertEquals(await said(SOLVED), "");
});

Deno.test("a run that is not wanted any more ends", async () => {
  assertEquals(await ranOn(SOLVED, { signal: AbortSignal.abort() }), { kind: "stopped" });
});

/** A terminal whose keys the test presses; `until` waits for words on it. */
class FakeTerminal implements Terminal {
  readonly clears = false;
  readonly color = false;
  readonly #keys = new TransformStream<string, string>();
  readonly #writer = this.#keys.writable.getWriter();
  #text = "";
  #waiting: (() => void)[] = [];
  resize: () => void = () => {};
  interrupt: () => Promise<void> = async () => {};
  closed = 0;
  /** What was given back, in order. */
  readonly givenBack: string[] = [];

  press(...keys: string[]): void {
    for (const key of keys) this.#writer.write(key).catch(() => {});
  }
  hangUp(): void {
    this.#writer.close().catch(() => {});
  }
  async until(words: string): Promise<string> {
    const timeout = setTimeout(() => this.write("\n[no more is coming]"), LIMIT);
    while (!this.#text.includes(words)) {
      assert(!this.#text.includes("[no more is coming]"), `expected "${words}" but found:\n${this.#text}`);
      await new Promise<void>((heard) => this.#waiting.push(heard));
    }
    clearTimeout(timeout);
    const text = this.#text;
    this.#text = "";
    return text;
  }
  readonly write = (text: string): void => {
    this.#text += text;
    this.#waiting.splice(0).forEach((heard) => heard());
  };
  readonly columns = (): number => 80;
  readonly rows = (): number => Infinity;
  readonly words = (): AsyncIterable<string> => this.#keys.readable;
  readonly onResize = (redraw: () => void): () => void => {
    this.resize = redraw;
    return () => {};
  };
  readonly onInterrupt = (quit: () => Promise<void>): () => void => {
    this.interrupt = quit;
    return () => this.givenBack.push("interrupt");
  };
  readonly close = (): void => {
    this.closed++;
    this.givenBack.push("terminal");
  };
}

/** A session with one exercise on disk whose tests pass once the file has a `+`; no process is started. */
async function started(
  { isSolved = false, first = "begun" }: { isSolved?: boolean; first?: "begun" | "saved" } = {},
): Promise<{ terminal: FakeTerminal; over: Promise<void>; exercise: Exercise; path: string }> {
  const exercise = await writeExercise();
  const path = await progressFile();
  const terminal = new FakeTerminal();
  const around: Surroundings = {
    terminal,
    exercises: [exercise],
    progressFile: path,
    check: async ({ folder }) => {
      const text = await Deno.readTextFile(new URL("exercise.ts", folder));
      return text.includes("// wrong type") ? "TS2322: a type" : "";
    },
    async test({ folder }) {
      const text = await Deno.readTextFile(new URL("exercise.ts", folder));
      if (text.includes("while")) return { kind: "stopped" };
      if (text.includes("((")) return { kind: "broken", said: "SyntaxError" };
      const failure = text.includes("n + 1") ? undefined : { error: "AssertionError", message: "Expected 3" };
      return { kind: "ran", said: "", cases: [{ name: "one more", file: "", failure }] };
    },
  };
  const progress = isSolved ? { ...NO_PROGRESS, solved: [exercise.id] } : NO_PROGRESS;
  const over = new Learner(openSession([exercise.id], progress), around).run(first);
  return { terminal, over, exercise, path };
}

Deno.test("a session runs what is saved, through broken files and endless loops, and keeps what is solved", async () => {
  const { terminal, over, exercise, path } = await started();
  const file = new URL("exercise.ts", exercise.folder);
  await terminal.until("Expected 3");
  await Deno.writeTextFile(file, "export function increment((");
  await terminal.until("SyntaxError");
  await Deno.writeTextFile(file, goodFiles["exercise.ts"].replace("return n;", "while (true);"));
  await terminal.until("endless loop");
  terminal.press("h");
  await terminal.until("Hint 1");
  terminal.resize();
  await terminal.until("Hint 1");
  const next = new URL("exercise.ts~", exercise.folder);
  await Deno.writeTextFile(next, SOLVED);
  await Deno.rename(next, file); // as editors save
  await terminal.until("Solved.");
  await Deno.writeTextFile(file, `${SOLVED}// wrong type\n`);
  await terminal.until("TS2322: a type");
  terminal.press("s");
  await terminal.until("Alternatives");
  terminal.press("q");
  await over;
  assertEquals((await loadProgress(path)).progress, { solved: [exercise.id], hints: { [exercise.id]: 1 } });
  assertEquals(terminal.closed, 1);
});

Deno.test("an interrupt ends a session, with the terminal as it was and the hints counted", async () => {
  const { terminal, over, exercise, path } = await started();
  await terminal.until("Expected 3");
  terminal.press("h");
  await terminal.until("Hint 1");
  terminal.interrupt();
  await over;
  assertEquals((await loadProgress(path)).progress.hints, { [exercise.id]: 1 });
  assertEquals(terminal.givenBack, ["terminal", "interrupt"], "A second interrupt would find the terminal raw");
});

Deno.test("an exercise that was solved and then edited is run if one asks for a run, and left alone if not", async () => {
  for (const [first, words] of [["begun", "Solved before"], ["saved", "Expected 3"]] as const) {
    const { terminal, over } = await started({ isSolved: true, first });
    terminal.hangUp();
    await terminal.until(words);
    await over;
  }
});

Deno.test("the end of the input ends a session", async () => {
  const { terminal, over } = await started();
  terminal.press("zz", "l");
  terminal.hangUp();
  const text = await terminal.until("open");
  assertStringIncludes(text, "<- here");
  await over;
});

Deno.test("the title of an exercise is the first line of its task, or its name", async () => {
  assertStringIncludes((await materialOf(await writeExercise())).title, "Increment a number.");
  assertEquals((await materialOf(await writeExercise({ "exercise.ts": "((" }))).title, "01_one_page_table/01_sample");
});
