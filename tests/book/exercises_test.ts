import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { checkExercises } from "../../tools/check_exercises.ts";
import { type Exercise, FILES, listExercises } from "../../tools/exercises/exercise.ts";
import { cutComment, cutHole, fillHole } from "../../tools/exercises/hole.ts";
import { judge } from "../../tools/exercises/judge.ts";
import { readJunit } from "../../tools/exercises/junit.ts";
import { exerciseComplaints } from "../../tools/exercises/rules.ts";
import { sectionsOf } from "../../tools/exercises/sections.ts";
import type { Variant } from "../../tools/exercises/variants.ts";
import { goodFiles, writeExercise } from "./sample_exercise.ts";

for (const exercise of await listExercises()) {
  Deno.test(`exercise ${exercise.id} has all its parts, three hints and a hole of one to twelve lines`, async () => {
    assertEquals(await exerciseComplaints(exercise), []);
  });
}

Deno.test("a hole is what stands between its two comments", () => {
  const source = "a\n  // Your lines: two.\n  b\n  c\n  // End of your lines.\nd";
  const cut = cutHole(source);
  assert(cut !== undefined);
  assertEquals(cut.hole, ["  b", "  c"]);
  assertEquals(fillHole(cut, cut.hole), source);
  assertEquals(cutHole("// End of your lines.\n// Your lines"), undefined);
  assertEquals(cutHole("// Your lines\n// Your lines\n// End of your lines"), undefined);
  assertEquals(cutHole("nothing"), undefined);
});

Deno.test("the comment that opens a file is read without its stars", () => {
  assertEquals(cutComment("/**\n * A task.\n *\n * @module\n */\n\ncode();\n"), {
    comment: "A task.\n\n@module",
    rest: "code();\n",
  });
  assertEquals(cutComment("code();\n"), { comment: "", rest: "code();\n" });
});

Deno.test("sections have their heading, text and first listing", () => {
  assertEquals(sectionsOf("# T\n\n## One\n\nWords.\n\n## Two\n\n```ts\na\nb\n```\n"), [
    { heading: "One", text: "Words.", code: "" },
    { heading: "Two", text: "```ts\na\nb\n```", code: "a\nb" },
  ]);
});

Deno.test("a report of the tests is read with its entities, and a failing step stands for its test", () => {
  const xml = `<testsuites><testsuite name="x_test.ts">
    <testcase name="a &lt; b" classname="./x_test.ts" time="0.1" line="1" col="6"></testcase>
    <testcase name="c" classname="./x_test.ts"><failure message="1 test step failed">…</failure></testcase>
    <testcase name="c &gt; d" classname="./x_test.ts"><failure message="Uncaught AssertionError: Values &quot;differ&quot;

second line">stack</failure></testcase></testsuite></testsuites>`;
  assertEquals(readJunit(xml), [
    { name: "a < b", file: "./x_test.ts", failure: undefined },
    {
      name: "c > d",
      file: "./x_test.ts",
      failure: { error: "AssertionError", message: 'Values "differ"\n\nsecond line' },
    },
  ]);
});

const exercise: Exercise = { id: "01_x/01_y", chapter: "01_x", folder: new URL("file:///x/") };
const variant = (kind: Variant["kind"], words = ""): Variant => ({
  exercise,
  kind,
  words,
  path: "01_x/01_y/v",
  source: "",
});
const test = (error?: string, message = "") => ({
  name: "t",
  file: "../tmp/01_x/01_y/v/exercise_test.ts",
  failure: error === undefined ? undefined : { error, message },
});

Deno.test("as shipped an exercise fails, by an assertion and not by a crash", () => {
  assertEquals(judge(variant("shipped"), [test(), test("AssertionError", "no")]), undefined);
  assertEquals(judge(variant("shipped"), [test()]), "no test fails");
  assertStringIncludes(
    judge(variant("shipped"), [test("AssertionError"), test("TypeError")]) ?? "",
    "ends in TypeError",
  );
  assertStringIncludes(judge(variant("shipped"), []) ?? "", "no test ran");
  assertStringIncludes(judge(variant("shipped"), [{ ...test("AssertionError"), file: "other" }]) ?? "", "no test ran");
});

Deno.test("solved it passes", () => {
  assertEquals(judge(variant("solved"), [test(), test()]), undefined);
  assertStringIncludes(judge(variant("solved"), [test("AssertionError", "why")]) ?? "", '"t" fails: why');
});

Deno.test("a wrong answer that is foreseen gets the words that name it", () => {
  assertEquals(judge(variant("wrong", "signed"), [test("AssertionError", ">> is signed: …")]), undefined);
  assertEquals(judge(variant("wrong", "signed"), [test()]), "no test fails");
  assertStringIncludes(
    judge(variant("wrong", "signed"), [test("AssertionError", "no")]) ?? "",
    'says "signed" but found "no"',
  );
});

Deno.test("an exercise that keeps the rules gets no complaint", async () => {
  assertEquals(await exerciseComplaints(await writeExercise()), []);
});

const BROKEN: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ["a missing file", "no solution.ts", { "solution.ts": "" }],
  ["two hints", "Hint 1, Hint 2", { "hints.md": "## Hint 1\n\na\n\n## Hint 2\n\nb\n" }],
  ["an empty hint", "Hint 2 is empty", { "hints.md": "## Hint 1\n\na\n\n## Hint 2\n\n## Hint 3\n\nc\n" }],
  ["a hole without an end", "expected one hole", {
    "exercise.ts": goodFiles["exercise.ts"].replace("// End of", "// End"),
  }],
  ["a solution of thirteen lines", "1 to 12 lines but found 13", {
    "solution.ts": goodFiles["solution.ts"].replace("return n + 1;", `${"n++;\n".repeat(12)}return n;`),
  }],
  ["a line of 91 columns", "at most 90 columns in exercise_test.ts", {
    "exercise_test.ts": `${goodFiles["exercise_test.ts"]}// ${"a".repeat(88)}\n`,
  }],
  ["a solution that differs elsewhere", "differ in comment and hole alone", {
    "solution.ts": goodFiles["solution.ts"].replace("(n: number)", "(n = 0)"),
  }],
  ["no alternatives", "a note on alternatives", {
    "solution.ts": goodFiles["solution.ts"].replace(/Alternatives?/g, "Others"),
  }],
  ["no task", "the task", { "exercise.ts": goodFiles["exercise.ts"].replace(/Increment .*/, "Do.") }],
  ["an import from elsewhere", "no import of node:fs", {
    "exercise_test.ts": `import "x";\nimport { a } from "node:fs";\n${goodFiles["exercise_test.ts"]}`,
  }],
  ["an assertion that does not say why", "none in line 12 of exercise_test.ts", {
    "exercise_test.ts": `${goodFiles["exercise_test.ts"]}\nDeno.test("t", () => assertEquals(increment(2), 3));\n`,
  }],
  ["no misconception", "a misconception", { "misconceptions.md": "# None\n" }],
  ["a misconception without an answer", "no wrong answer", { "misconceptions.md": "## Twice\n\nwords\n" }],
];

for (const [what, complaint, files] of BROKEN) {
  Deno.test(`${what} is a complaint`, async () => {
    const found = await exerciseComplaints(await writeExercise(files));
    assertEquals(found.length, 1, found.join("; "));
    assertStringIncludes(found[0] ?? "", complaint);
  });
}

/** Checks exercises, one for each line in the hole; types are checked only where they matter, for that takes longer than all else. */
async function checked(lines: readonly string[], options: readonly string[] = ["--no-check"]) {
  let said = "";
  const exercises = lines.map((line, i) =>
    writeExercise({ "exercise.ts": goodFiles["exercise.ts"].replace("return n;", line) }, `0${i + 1}_sample`)
  );
  const code = await checkExercises(await Promise.all(exercises), { out: (text) => said += text }, {
    std: "npm",
    options,
  });
  return { code, said };
}

Deno.test("check-exercises runs every variant, and says what is wrong with which", async () => {
  assertEquals(await checked(["return n;"]), {
    code: 0,
    said: "ok      01_one_page_table/01_sample\n1 exercises in 3 variants, 0 with faults\n",
  });
  const { code, said } = await checked(["return n + 1;", "return n;", "return [1][n]!.toFixed as never;"]);
  assertEquals(code, 1);
  const [solved = "", good = "", crashing = ""] = said.split(/(?<=\n)(?=FAILED|ok)/);
  assertStringIncludes(solved, "01_sample\n        as shipped: no test fails");
  assertStringIncludes(good, "ok      01_one_page_table/02_sample");
  assertStringIncludes(crashing, "ends in TypeError");
  assertStringIncludes(said, "3 exercises in 9 variants, 2 with faults");
});

Deno.test("check-exercises says what does not compile", async () => {
  const { code, said } = await checked(['return "n";'], []);
  assertEquals(code, 1);
  assertStringIncludes(said, "TS2322");
});

Deno.test("the parts of an exercise are five", () => {
  assertEquals([...FILES], Object.keys(goodFiles).sort());
});
