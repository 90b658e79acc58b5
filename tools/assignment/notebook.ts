/**
 * Exercises as a notebook that nbgrader makes an assignment of: for each the task, the answer with its solution marked, the tests, and a cell a test that has a point.
 *
 * @module
 */

import { type Exercise, readPart } from "../exercises/exercise.ts";
import { cutComment, cutHole, fillHole } from "../exercises/hole.ts";
import { KERNEL } from "../notebooks/notebook.ts";
import { dynamicImports, partsOf, staticImports } from "./statements.ts";
import { STUB } from "./stub.ts";

/** A cell, as nbgrader reads it. */
interface GradedCell {
  readonly cell_type: "code" | "markdown";
  readonly id: string;
  readonly metadata: { readonly nbgrader: Readonly<Record<string, unknown>> };
  readonly source: string;
  readonly execution_count?: null;
  readonly outputs?: readonly [];
}

/** What a cell is to nbgrader: an answer may be changed, all else is as the teacher has it, and some have points. */
type Kind = "answer" | "fixed" | { readonly points: number };

/** Assertions as tests know them, out of the reach of an answer that defines some of its own. */
const ASSERTIONS: Readonly<Record<string, string>> = {
  assert: "ok: assert",
  assertEquals: "deepStrictEqual: assertEquals",
};

/** The exercises of a chapter as a notebook. */
export interface Assignment {
  /** The notebook's text. */
  readonly notebook: string;
  /** Points that can be reached. */
  readonly points: number;
  /** Names of exercises that are not in it: their lines stand where no stub can, among the properties of an object. */
  readonly leftOut: readonly string[];
}

/**
 * Makes the assignment of some exercises.
 *
 * @param title Its heading.
 * @param exercises The exercises.
 * @returns A notebook with solutions.
 */
export async function assignmentOf(title: string, exercises: readonly Exercise[]): Promise<Assignment> {
  const cells: GradedCell[] = [
    cell(
      "title",
      "markdown",
      "fixed",
      `# ${title}\n\nWrite your lines between the two comments of each cell. Run the cells from top to bottom.`,
    ),
    cell(
      "start",
      "code",
      "fixed",
      'import "@pagetable-init/chapters"; // shows what a cell says, however late it comes',
    ),
  ];
  const leftOut: string[] = [];
  for (const exercise of exercises) {
    if (await takesStub(exercise)) cells.push(...await cellsOf(exercise));
    else leftOut.push(exercise.id);
  }
  const { name, ...names } = KERNEL;
  const metadata = { kernelspec: { name, ...names }, language_info: { name: "typescript", file_extension: ".ts" } };
  const points = cells.filter(({ metadata }) => metadata.nbgrader["grade"] === true).length;
  return {
    notebook: `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`,
    points,
    leftOut,
  };
}

/** Whether the file parses with the stub in its hole. */
async function takesStub(exercise: Exercise): Promise<boolean> {
  const cut = cutHole(await readPart(exercise, "exercise.ts"));
  if (cut === undefined) return false;
  try {
    partsOf(fillHole(cut, [STUB]));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

async function cellsOf(exercise: Exercise): Promise<GradedCell[]> {
  const id = exercise.id.split("/")[1] ?? "";
  const [shipped, solution, test] = await Promise.all(
    ["exercise.ts", "solution.ts", "exercise_test.ts"].map((name) => readPart(exercise, name)),
  ) as [string, string, string];
  const { imports, tests, rest } = partsOf(test);
  const table = `tests_${id}`;
  return [
    cell(`${id}_task`, "markdown", "fixed", `## ${taskOf(cutComment(shipped).comment)}`),
    cell(`${id}_answer`, "code", "answer", answerOf(shipped, solution)),
    cell(`${id}_tests`, "code", "fixed", testsOf(table, { imports, tests, rest })),
    ...tests.map(({ name }, at) =>
      cell(
        `${id}_test_${at + 1}`,
        "code",
        { points: 1 },
        `// ${name[0]?.toUpperCase()}${name.slice(1)}.\nawait ${table}[${at}]();`,
      )
    ),
  ];
}

/** The first sentence is the heading. */
function taskOf(comment: string): string {
  return comment.replace(/\s*@module\s*$/, "").replace(
    /^(.*?)[.]\s/s,
    (_, first: string) => `${first.replaceAll("\n", " ")}\n`,
  );
}

/** The solution between marks, in the file that students get. */
function answerOf(shipped: string, solution: string): string {
  const [cut, solved] = [cutHole(shipped), cutHole(solution)];
  if (cut === undefined || solved === undefined) throw new RangeError("Expected a hole in the exercise but found none");
  const [indent = ""] = /^\s*/.exec(solved.hole.find((line) => line.trim() !== "") ?? "") ?? [];
  const filled = [cut.above, `${indent}// BEGIN SOLUTION`, ...solved.hole, `${indent}// END SOLUTION`, cut.below].join(
    "\n",
  );
  const { imports, rest } = partsOf(cutComment(filled).rest);
  return [...staticImports(imports), ...(imports.length > 0 ? [""] : []), rest].join("\n");
}

function testsOf(table: string, { imports, tests, rest }: ReturnType<typeof partsOf>): string {
  const own = imports.filter(({ from }) => from !== "@std/assert" && from !== "./exercise.ts");
  const assertions = imports.filter(({ from }) => from === "@std/assert").map(({ name }) => ASSERTIONS[name] ?? name);
  const inside = [
    `const { ${assertions.join(", ")} } = (await import("node:assert")).strict;`,
    ...dynamicImports(own),
    rest,
    `return [\n${tests.map(({ name, body }) => `/* ${name} */\n${body},`).join("\n")}\n];`,
  ].join("\n");
  return `const ${table} = await (async () => {\n${indented(inside)}\n})();`;
}

function indented(text: string): string {
  return text.split("\n").map((line) => line === "" ? "" : `  ${line}`).join("\n");
}

function cell(id: string, cell_type: GradedCell["cell_type"], kind: Kind, source: string): GradedCell {
  const points = typeof kind === "object" ? { points: kind.points } : {};
  const nbgrader = {
    schema_version: 3,
    grade_id: id,
    grade: typeof kind === "object",
    solution: kind === "answer",
    locked: kind !== "answer",
    task: false,
    ...points,
  };
  const code = cell_type === "code" ? { execution_count: null, outputs: [] as const } : {};
  return { cell_type, id, metadata: { nbgrader }, source, ...code };
}
