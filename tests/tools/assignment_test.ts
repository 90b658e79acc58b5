import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { partsOf } from "../../tools/assignment/statements.ts";
import { assignmentOf } from "../../tools/assignment/notebook.ts";
import { STUB } from "../../tools/assignment/stub.ts";
import { assignmentCommand, COURSE_CONFIG } from "../../tools/assignment.ts";
import { listExercises, readPart } from "../../tools/exercises/exercise.ts";
import { cutHole } from "../../tools/exercises/hole.ts";
import { runHere } from "./run_here.ts";

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: string;
  readonly metadata: {
    readonly nbgrader: {
      readonly grade: boolean;
      readonly solution: boolean;
      readonly locked: boolean;
      readonly points?: number;
    };
  };
}

/** The answer as nbgrader hands it out. */
function handedOut(source: string): string {
  return source.replace(/^( *)\/\/ BEGIN SOLUTION\n[^]*?\/\/ END SOLUTION$/m, `$1${STUB}`);
}

/** Their lines are properties of an object. */
const LEFT_OUT = ["12_verdict/03_sixth_proposal", "12_verdict/05_rule_that_survives"];

for (const exercise of (await listExercises()).filter(({ id }) => !LEFT_OUT.includes(id))) {
  Deno.test(`${exercise.id} as an assignment: a task, an answer without its solution that still parses, a point a test`, async () => {
    const { notebook, points, leftOut } = await assignmentOf("Title", [exercise]);
    assertEquals(leftOut, []);
    const cells: Cell[] = JSON.parse(notebook).cells;
    const graded = cells.filter(({ metadata }) => metadata.nbgrader.grade);
    const answers = cells.filter(({ metadata }) => metadata.nbgrader.solution);
    assertEquals(new Set(cells.map(({ id }) => id)).size, cells.length);
    assertEquals([answers.length, graded.length, points], [
      1,
      points,
      graded.reduce((sum, it) => sum + (it.metadata.nbgrader.points ?? 0), 0),
    ]);
    assert(cells.every(({ metadata: { nbgrader } }) => nbgrader.locked !== nbgrader.solution));

    const test = await readPart(exercise, "exercise_test.ts");
    assert(points >= (test.match(/^Deno\.test\(/gm)?.length ?? 0) && points === partsOf(test).tests.length);

    const out = cells.map(({ source }) => handedOut(source));
    const solved = cutHole(await readPart(exercise, "solution.ts"))?.hole.map((line) => line.trim()) ?? [];
    const shipped = await readPart(exercise, "exercise.ts");
    const own = solved.filter((line) => line.length > 12 && !shipped.includes(line) && !line.startsWith("//"));
    assertEquals(own.filter((line) => out.some((source) => source.includes(line))), []);
    for (const [at, source] of out.entries()) {
      if (cells[at]?.cell_type === "code") partsOf(source);
    }
    assert(!out.join("\n").includes("@std/assert"));
  });

  Deno.test(`${exercise.id} as an assignment: its solution earns all points, and the stub does not`, async () => {
    const cells: Cell[] = JSON.parse((await assignmentOf("Title", [exercise])).notebook).cells;
    const code = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source);
    await runAll(code);
    await assertRejects(() => runAll(code.map(handedOut)));
  });
}

/** Runs cells as one module, which stops at the first that throws. */
async function runAll(code: readonly string[]): Promise<void> {
  await import(`data:application/typescript,${encodeURIComponent(code.join("\n"))}`);
}

Deno.test("the course of a teacher and the machine of a class tell nbgrader the same", async () => {
  const shared = (config: string) =>
    config.split("\n").filter((line) =>
      /^c\.(ClearSolutions|ExecutePreprocessor|CourseDirectory\.course_id)/.test(line)
    )
      .sort();
  assertEquals(shared(COURSE_CONFIG).length, 3);
  assertEquals(shared(await Deno.readTextFile("classroom/nbgrader_config.py")), shared(COURSE_CONFIG));
});

Deno.test("a loop of tests is a test of its own, an import of types is none, and a name may change", () => {
  const source = `import { type A, b as c } from "x";
import type { D } from "y";
// Kept.
export const kept: D = c;
for (const name of ["one", "two"]) Deno.test(\`test \${name}\`, () => {});
Deno.test("three", () => { kept; });
`;
  const { imports, tests, rest } = partsOf(source);
  assertEquals(imports, [{ from: "x", name: "b", as: "c" }]);
  assertEquals(tests.map(({ name }) => name), ["test ${name}", "three"]);
  assertStringIncludes(tests[0]?.body ?? "", 'for (const name of ["one", "two"])');
  assertEquals(rest, "// Kept.\nconst kept: D = c;");
});

Deno.test("an assignment that cannot be made is one line and exit 2", async () => {
  const bad = [
    [["01"], "--out"],
    [["99", "--out", "out/course"], "chapter from 1 to 14"],
    [["01/09", "--out", "out/course"], "none named 09"],
    [["12/03", "--out", "out/course"], "stub has no place"],
    [["01", "--out", "/elsewhere"], "inside the clone"],
  ] as const;
  for (const [args, said] of bad) {
    const { code, out, err } = await runHere(assignmentCommand, ...args);
    assertEquals([code, out, err.split("\n").length], [2, "", 2]);
    assertStringIncludes(err, said);
  }
});
