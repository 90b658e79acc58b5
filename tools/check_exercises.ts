/**
 * `deno task check-exercises`: each exercise fails as shipped, and by an assertion; passes when solved; answers each wrong answer
 * that it foresees in the words that it promises; and has its hints.
 *
 * @module
 */

import { type Command, main, type Streams } from "./command.ts";
import { type Exercise, listExercises } from "./exercises/exercise.ts";
import { judge } from "./exercises/judge.ts";
import { type RunOptions, runTests, type TestRun } from "./exercises/run_tests.ts";
import { withScratch } from "./command/scratch.ts";
import type { Variant } from "./exercises/variants.ts";

const TIMEOUT = 240_000; // milliseconds for all variants of all exercises

/** The command. */
export const checkExercisesCommand: Command = {
  name: "check-exercises",
  words: 0,
  options: [],
  help:
    `Checks the exercises: each fails as shipped, by an assertion; passes when solved; has three hints; and tells the
wrong answers in its misconceptions.md apart, each in the words of its heading.

usage: deno task check-exercises

  --help  print this

Exit codes: 0 all is well, 1 some exercise is not.

example: deno task check-exercises
`,
  async run(_, streams) {
    return await checkExercises(await listExercises(), streams);
  },
};

/**
 * Checks exercises.
 *
 * @param exercises The exercises.
 * @param streams Where it reports.
 * @param how More options for `deno test`, and where `@std` comes from: found out if not given.
 * @returns The exit code.
 */
export async function checkExercises(
  exercises: readonly Exercise[],
  { out }: Pick<Streams, "out">,
  how: Partial<RunOptions> = {},
): Promise<number> {
  const { exerciseComplaints } = await import("./exercises/rules.ts"); // with packages that the help does without
  const { variantsOf } = await import("./exercises/variants.ts");
  const variants = (await Promise.all(exercises.map(variantsOf))).flat();
  const complaints = new Map<string, string[]>();
  for (const exercise of exercises) complaints.set(exercise.id, await exerciseComplaints(exercise));
  const run = await runVariants(variants, how);
  if (run.kind !== "ran") {
    out(`The exercises cannot be run: ${run.kind === "broken" ? run.said : `stopped after ${TIMEOUT / 1000} s`}\n`);
    return 1;
  }
  for (const variant of variants) {
    const wrong = judge(variant, run.cases);
    if (wrong !== undefined) complaints.get(variant.exercise.id)?.push(`${nameOf(variant)}: ${wrong}`);
  }
  return report(complaints, variants.length, out);
}

async function runVariants(variants: readonly Variant[], how: Partial<RunOptions>): Promise<TestRun> {
  const { writeVariants } = await import("./exercises/variants.ts");
  return await withScratch(async (folder) =>
    await runTests(await writeVariants(variants, folder), {
      limit: TIMEOUT,
      ...how,
      options: ["--parallel", ...how.options ?? []],
    })
  );
}

function nameOf({ kind, path }: Variant): string {
  return {
    shipped: "as shipped",
    solved: "solved",
    wrong: path.split("/").at(-1)?.replace("_", " answer ") ?? "",
  }[kind];
}

function report(complaints: ReadonlyMap<string, readonly string[]>, variants: number, out: Streams["out"]): number {
  for (const [id, wrong] of complaints) {
    out(wrong.length === 0 ? `ok      ${id}\n` : `FAILED  ${id}\n${wrong.map((it) => `        ${it}\n`).join("")}`);
  }
  const failed = [...complaints.values()].filter((wrong) => wrong.length > 0).length;
  out(`${complaints.size} exercises in ${variants} variants, ${failed} with faults\n`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) await main(checkExercisesCommand);
