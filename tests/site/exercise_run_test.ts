import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listExercises, readPart } from "../../tools/exercises/exercise.ts";
import { judge } from "../../tools/exercises/judge.ts";
import { variantsOf } from "../../tools/exercises/variants.ts";
import { verdictOf } from "../../tools/learn/verdict.ts";
import { runExercise } from "../../tools/site/client/exercise_run.ts";

const EXERCISES = await listExercises();

for (const chapter of new Set(EXERCISES.map((it) => it.chapter))) {
  // All wrong answers are asked by `deno task check-exercises`; one of each exercise shows that a page says the same.
  Deno.test(`the exercises of ${chapter} fail as shipped, pass when solved, and name a wrong answer in a page too`, async () => {
    for (const exercise of EXERCISES.filter((it) => it.chapter === chapter)) {
      const test = await readPart(exercise, "exercise_test.ts");
      const variants = await variantsOf(exercise);
      const wrong = variants.find(({ kind }) => kind === "wrong");
      for (const variant of variants.filter((it) => it.kind !== "wrong" || it === wrong)) {
        const run = await runExercise({ exercise: variant.source, test });
        assert(run.kind === "ran", `${variant.path}: ${run.kind === "broken" ? run.said : run.kind}`);
        const cases = run.cases.map((it) => ({ ...it, file: `${variant.path}/exercise_test.ts` }));
        assertEquals(judge(variant, cases), undefined, variant.path);
      }
    }
  });
}

Deno.test("a file that does not parse, or throws at its top, does not run, and says where or why", async () => {
  const test = 'import { f } from "./exercise.ts";\nDeno.test("t", () => f());';
  const said = async (exercise: string) => {
    const verdict = verdictOf(await runExercise({ exercise, test }));
    assert(verdict.kind === "broken");
    return verdict.said;
  };
  assertStringIncludes(await said("export function f() {\n  return (;\n}"), "(exercise.ts, line 2)");
  assertEquals(await said('throw new RangeError("no");'), "RangeError: no");
  assertStringIncludes(await said('import "node:fs";'), "Expected one of @pagetable-init/textbook");
});

Deno.test("the words of a failed test are those of deno task learn", async () => {
  const test = `import { assertEquals } from "@std/assert";
import { f } from "./exercise.ts";
Deno.test("two", () => assertEquals(f(), 2, "Expected the index"));
Deno.test("crash", () => { null.x; });`;
  const verdict = verdictOf(await runExercise({ exercise: "export const f = (): number => 1;", test }));
  assertEquals(verdict, {
    kind: "failed",
    lines: [
      { name: "two", message: "Expected the index\n- yours  + expected\n-   1\n+   2" },
      { name: "crash", message: "TypeError: Cannot read properties of null (reading 'x')" },
    ],
  });
});
