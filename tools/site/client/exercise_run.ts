/**
 * Runs the tests of an exercise: a reader's file and the test file of the exercise as two modules, without a process or a file.
 *
 * @module
 */

import type { TestCase } from "../../exercises/junit.ts";
import type { TestRun } from "../../exercises/run_tests.ts";
import * as assertions from "../../offline/assert.js";
import { messageOf } from "./inspected.ts";
import { libraryModule } from "./library.ts";
import { moduleOf } from "./reader_module.ts";

/** An exercise to be judged. */
export interface ExerciseSource {
  /** The reader's file. */
  readonly exercise: string;
  /** The file that tests it. */
  readonly test: string;
}

type Named = { readonly name: string; readonly fn: () => unknown };

/**
 * Runs the tests.
 *
 * @param source The two files.
 * @returns What `deno task learn` knows of a run, for the same words. Types are taken away, not checked.
 */
export async function runExercise({ exercise, test }: ExerciseSource): Promise<TestRun> {
  const tests: Named[] = [];
  const deno = { test: (name: string, fn: () => unknown) => void tests.push({ name, fn }) };
  try {
    const answer = await moduleOf("exercise.ts", exercise, libraryOr({}));
    await moduleOf("exercise_test.ts", test, libraryOr({ "./exercise.ts": answer }), deno);
  } catch (error) {
    return { kind: "broken", said: messageOf(error) };
  }
  const cases: TestCase[] = [];
  for (const { name, fn } of tests) cases.push({ name, file: "exercise_test.ts", failure: await failureOf(fn) });
  return { kind: "ran", cases, said: "" };
}

async function failureOf(run: () => unknown): Promise<TestCase["failure"]> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) return { error: "Error", message: String(error) };
    return { error: error.name, message: withoutColors(error.message).trim() };
  }
}

function withoutColors(text: string): string {
  return text.split("\u001b").map((part, at) => at === 0 ? part : part.replace(/^\[\d+m/, "")).join("");
}

/** The modules that an exercise may import, and some beside them. */
function libraryOr(others: Readonly<Record<string, object>>): (name: string) => object {
  const own: Readonly<Record<string, object>> = { "@std/assert": assertions, ...others };
  return (name) => Object.hasOwn(own, name) ? own[name] as object : libraryModule(name);
}
