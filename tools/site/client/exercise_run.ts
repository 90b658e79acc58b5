/**
 * Runs the tests of an exercise: a reader's file and the test file of the exercise as two modules, without a process or a file.
 *
 * @module
 */

import { transform } from "sucrase";
import type { TestCase } from "../../exercises/junit.ts";
import type { TestRun } from "../../exercises/run_tests.ts";
import * as assertions from "../../offline/assert.js";
import { libraryModule } from "./library.ts";

/** An exercise to be judged. */
export interface ExerciseSource {
  /** The reader's file. */
  readonly exercise: string;
  /** The file that tests it. */
  readonly test: string;
}

type Named = { readonly name: string; readonly fn: () => unknown };
type ModuleBody = (exports: object, require: (name: string) => object, Deno: object) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => ModuleBody;

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
    const answer = await moduleOf("exercise.ts", exercise, libraryOr({}), deno);
    await moduleOf("exercise_test.ts", test, libraryOr({ "./exercise.ts": answer }), deno);
  } catch (error) {
    return { kind: "broken", said: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
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

/** The exports of a file. */
async function moduleOf(
  name: string,
  source: string,
  require: (name: string) => object,
  deno: object,
): Promise<object> {
  const exports = {};
  const code = plainCode(name, source);
  try {
    await new AsyncFunction("exports", "require", "Deno", code)(exports, require, deno);
  } catch (error) {
    throw error instanceof Error ? error : new Error(`thrown: ${String(error)}`);
  }
  return exports;
}

/** The file without types and with its imports as calls, line by line where it was. */
function plainCode(name: string, source: string): string {
  try {
    return transform(source, { transforms: ["typescript", "imports"], keepUnusedImports: true }).code;
  } catch (error) {
    const { message } = error as Error;
    const words = message.replace(/^Error transforming [^:]*: /, "");
    throw new SyntaxError(words.replace(/ ?\((\d+):\d+\)$/, (_, line: string) => ` (${name}, line ${line})`));
  }
}
