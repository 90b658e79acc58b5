import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Material, screen } from "../../tools/learn/screen.ts";
import { type CommandName, type Event, openSession, type Session, step } from "../../tools/learn/session.ts";
import { commandOf } from "../../tools/learn/terminal.ts";
import { type Verdict, verdictOf } from "../../tools/learn/verdict.ts";
import { wrap } from "../../tools/command/wrap.ts";

const IDS = ["01_a/01_x", "01_a/02_y", "02_b/01_z"] as const;
const NONE = { solved: [], hints: {} };
const PASSED: Verdict = { kind: "passed", lines: [{ name: "t", message: "" }] };
const FAILED: Verdict = { kind: "failed", lines: [{ name: "t", message: "no" }] };
const command = (name: CommandName): Event => ({ kind: "command", name });

/** Plays events and returns the last step; a run that is asked for is answered by what `verdicts` has next. */
function play(session: Session, events: readonly Event[], ...verdicts: Verdict[]) {
  let last = step(session, { kind: "begun" });
  const effects = [...last.effects];
  const answer = () => {
    const verdict = last.session.awaited > 0 ? verdicts.shift() : undefined;
    if (verdict === undefined) return;
    last = step(last.session, { kind: "ran", run: last.session.awaited, verdict });
    effects.push(...last.effects);
  };
  answer();
  for (const event of events) {
    last = step(last.session, event);
    effects.push(...last.effects);
    answer();
  }
  return { session: last.session, effects: effects.map(({ kind }) => kind) };
}

Deno.test("a session begins with the first exercise that is not solved, and runs it", () => {
  const { session, effects } = play(openSession(IDS, { solved: [IDS[0]], hints: {} }), []);
  assertEquals([session.current, session.awaited], [IDS[1], 1]);
  assertEquals(effects, ["run", "draw"]);
});

Deno.test("the verdict comes before the types are checked, and what the compiler says is added to it", () => {
  const { session, effects } = play(openSession(IDS, NONE), [], PASSED);
  assertEquals(effects, ["run", "draw", "save", "draw", "check"]);
  assertEquals([session.verdict, session.checked], [PASSED, 1]);
  assertEquals(step(session, { kind: "checked", run: 1, said: "" }).effects, []);
  const told = step(session, { kind: "checked", run: 1, said: "TS2322: no number" });
  assertEquals(told.effects, [{ kind: "draw" }]);
  const text = shown(told.session);
  assert(text.indexOf("ok      t") < text.indexOf("The types do not fit.\nTS2322: no number"), text);
  assertStringIncludes(text, "Solved.");
});

Deno.test("what the compiler says of a file that has changed since is not heard", () => {
  const saved = step(play(openSession(IDS, NONE), [], FAILED).session, { kind: "saved" }).session;
  const late = step(saved, { kind: "checked", run: 1, said: "TS2322" });
  assertEquals([late.session, late.effects], [saved, []]);
});

Deno.test("help and list give way to the verdict of the next run, hints stay beside it", () => {
  for (const [name, view] of [["help", "task"], ["list", "task"], ["hint", "hints"]] as const) {
    assertEquals(play(openSession(IDS, NONE), [command(name), { kind: "saved" }], FAILED, FAILED).session.view, view);
  }
});

Deno.test("a session of a chapter begins there, that of an exercise with it", () => {
  assertEquals(openSession(IDS, NONE, "02_b/").current, IDS[2]);
  assertEquals(openSession(IDS, NONE, IDS[1]).current, IDS[1]);
  assertThrows(() => openSession(IDS, NONE, "03_c/"), RangeError, "03_c/");
});

Deno.test("finished work is not run again unless it changes or the learner asks", () => {
  const done = openSession(IDS, { solved: IDS, hints: {} });
  assertEquals(play(done, []).effects, ["draw"]);
  assertEquals(play(done, [{ kind: "saved" }], FAILED).effects, ["draw", "run", "draw", "draw", "check"]);
  assertEquals(play(done, [command("run")], PASSED).effects, ["draw", "run", "draw", "draw", "check"]);
  assertEquals(play(done, [{ kind: "saved" }], FAILED).session.progress.solved, IDS, "what was solved stays solved");
});

Deno.test("what passes is solved and saved at once, once", () => {
  const { session, effects } = play(openSession(IDS, NONE), [{ kind: "saved" }], PASSED, PASSED);
  assertEquals(session.progress.solved, [IDS[0]]);
  assertEquals(effects.filter((kind) => kind === "save").length, 1);
});

Deno.test("a result for a file that has changed since is not heard", () => {
  const begun = step(openSession(IDS, NONE), { kind: "begun" }).session;
  const changed = step(begun, { kind: "saved" }).session;
  const late = step(changed, { kind: "ran", run: begun.awaited, verdict: PASSED });
  assertEquals([late.session, late.effects], [changed, []]);
});

Deno.test("next goes to the next that is not solved, round the end, and stays when nothing is left", () => {
  const at = (solved: readonly string[], from: string) =>
    play({ ...openSession(IDS, { solved, hints: {} }), current: from }, [command("next")], FAILED, FAILED).session;
  assertEquals(at([], IDS[0]).current, IDS[1]);
  assertEquals(at([IDS[1]], IDS[0]).current, IDS[2]);
  assertEquals(at([], IDS[2]).current, IDS[0]);
  assertEquals([at([IDS[0], IDS[1]], IDS[2]).current, at([IDS[0], IDS[1]], IDS[2]).notice], [
    IDS[2],
    "This is the only one left.",
  ]);
  assertEquals(at(IDS, IDS[2]).notice, "All exercises are solved.");
});

Deno.test("hints come one at a time, are counted, and end", () => {
  const hint = command("hint");
  const { session, effects } = play(openSession(IDS, NONE), [hint, hint, hint, hint], FAILED);
  assertEquals(session.progress.hints, { [IDS[0]]: 3 });
  assertEquals(session.notice, "There are no more hints.");
  assertEquals(effects.filter((kind) => kind === "save").length, 3);
});

Deno.test("the solution is shown once the exercise is solved, and not before", () => {
  const before = play(openSession(IDS, NONE), [command("solution")], FAILED).session;
  assertEquals(before.view, "task");
  assertStringIncludes(before.notice, "deno task learn 01_a/01_x --solution");
  assertEquals(play(openSession(IDS, NONE), [command("solution")], PASSED).session.view, "solution");
});

Deno.test("the end of the input ends the session, after the run that is awaited", () => {
  const broken: Verdict = { kind: "broken", said: "no" };
  assertEquals(play(openSession(IDS, NONE), [{ kind: "closed" }], broken).effects.at(-1), "quit");
  const waiting = play(openSession(IDS, NONE), [{ kind: "closed" }]);
  assertEquals(waiting.effects.includes("quit"), false);
  const ran = step(waiting.session, { kind: "ran", run: waiting.session.awaited, verdict: PASSED });
  assertEquals(ran.effects.map(({ kind }) => kind), ["save", "draw", "check"]);
  const checked = step(ran.session, { kind: "checked", run: ran.session.checked, said: "TS1" });
  assertEquals(checked.effects.map(({ kind }) => kind), ["draw", "quit"]);
});

Deno.test("keys and words mean the same", () => {
  assertEquals(["h", "n", "s", "l", "r", "m", "?", "q"].map(commandOf), [
    "hint",
    "next",
    "solution",
    "list",
    "run",
    "more",
    "help",
    "quit",
  ]);
  assertEquals(["hint", "quit"].map(commandOf), ["hint", "quit"]);
  for (const word of ["x", "", "toString", "__proto__"]) assertEquals(commandOf(word), undefined);
});

Deno.test("a verdict is what the tests say, without the words that every assertion begins with", () => {
  const message =
    "Values are not equal: The index is not the offset\n\n\n    [Diff] Actual / Expected\n\n\n-   1\n+   2";
  const verdict = verdictOf({
    kind: "ran",
    said: "",
    cases: [
      { name: "a", file: "", failure: undefined },
      { name: "b", file: "", failure: { error: "AssertionError", message } },
      { name: "c", file: "", failure: { error: "TypeError", message: "x is undefined" } },
    ],
  });
  assertEquals(verdict.kind === "failed" && verdict.lines.map((line) => line.message), [
    "",
    "The index is not the offset\n- yours  + expected\n-   1\n+   2",
    "TypeError: x is undefined",
  ]);
  const stopped = verdictOf({ kind: "stopped" });
  assertStringIncludes(stopped.kind === "endless" ? stopped.said : "", "endless loop");
});

const MATERIAL: Material = { title: "Do it.", hints: ["first", "second", "third"], solution: "// solved\n" };
const shown = (session: Session, columns = 80, color = false, rows = Infinity) =>
  screen(session, MATERIAL, { columns, rows, color });

Deno.test("a screen says what is at hand, what failed and why, and what the keys do", () => {
  const two: Verdict = {
    kind: "failed",
    lines: [{ name: "a", message: "" }, { name: "b", message: "why" }, { name: "c", message: "hm" }],
  };
  const text = shown(play(openSession(IDS, NONE), [command("hint")], two).session);
  for (
    const said of [
      "Do it.",
      "exercise 1 of 3, 0 solved",
      "read chapters/",
      "ok      a",
      "FAILED  b\n        why",
      "FAILED  c\n        hm",
      "Hint 1\nfirst",
      "q quit",
    ]
  ) {
    assertStringIncludes(text, said);
  }
  assertEquals(text.includes("second"), false);
});

Deno.test("a hint and a solution that were not asked for are not on the screen", () => {
  const text = shown(play(openSession(IDS, NONE), [], FAILED).session);
  assertEquals([text.includes("first"), text.includes("// solved")], [false, false]);
});

Deno.test("what a broken file makes the compiler say cannot order the terminal about", () => {
  const verdict: Verdict = { kind: "broken", said: "\u001b[2Jgone\u0007 \u009b5m" };
  const text = shown(play(openSession(IDS, NONE), [], verdict).session).replaceAll("\n", "");
  assertEquals(/\p{Cc}/u.test(text), false);
});

Deno.test("no line of prose is wider than the terminal, and colours come only where they are welcome", () => {
  const verdict: Verdict = { kind: "failed", lines: [{ name: "t", message: "word ".repeat(60).trim() }] };
  const { session } = play(openSession(IDS, NONE), [], verdict);
  for (const columns of [30, 80]) {
    for (const line of shown(session, columns).split("\n").slice(4)) assertEquals(line.length <= columns, true, line);
  }
  assertEquals(shown(session).includes("\u001b"), false);
  assertEquals(shown(session, 80, true).includes("\u001b[31mFAILED"), true);
});

Deno.test("code keeps its lines, prose is broken at spaces, a long word stays whole", () => {
  assertEquals(wrap("one two three four five six", 20), ["one two three four", "five six"]);
  assertEquals(wrap(`  ${"x".repeat(50)}`, 20), [`  ${"x".repeat(50)}`]);
  assertEquals(wrap("x".repeat(50), 20), ["x".repeat(50)]);
  assertEquals(wrap("a\n\nb", 20), ["a", "", "b"]);
});

/** Lines of a terminal that a text takes. */
const height = (text: string, columns: number) =>
  text.trimEnd().split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);

Deno.test("a screen of 24 rows and 60 columns shows the verdict whatever else is asked for, and the rest in pages", () => {
  const ids = Array.from({ length: 60 }, (_, at) => `13_what_came_after/${at}_a_name_that_is_rather_long`);
  const long = "word ".repeat(80).trim();
  const verdict: Verdict = {
    kind: "failed",
    lines: [{ name: "first", message: long }, { name: "second", message: long }, { name: "third", message: long }],
  };
  const material = { ...MATERIAL, hints: [long, long, long], solution: `${"const a = 1;\n".repeat(40)}` };
  const begun = play(openSession(ids, NONE), [command("hint"), command("hint"), command("hint")], verdict).session;
  const style = { columns: 60, rows: 24, color: false };
  for (const view of ["task", "hints", "solution", "list", "help"] as const) {
    for (let page = 0; page < 3; page++) {
      const text = screen({ ...begun, view, page, notice: "A notice." }, material, style);
      assert(height(text, 60) <= 24, `${view}: ${height(text, 60)} lines\n${text}`);
      assertStringIncludes(text, "FAILED  first");
      assertEquals(text.includes("m more"), view !== "task", text);
    }
  }
});

Deno.test("the pages of a list have every line, and the first follows the last", () => {
  const ids = Array.from({ length: 60 }, (_, at) => `01_a/${at}_x`);
  const begun = { ...play(openSession(ids, NONE), [], FAILED).session, view: "list" } as const;
  const page = (number: number) => shown({ ...begun, page: number }, 60, false, 24);
  const pages = Number(/page 1 of (\d+)/.exec(page(0))?.[1]);
  const all = Array.from({ length: pages }, (_, at) => page(at)).join("");
  for (const id of ids) assertStringIncludes(all, `open    ${id}`);
  assertEquals(page(pages), page(0));
  assertEquals(step(begun, command("more")).session.page, 1);
});
