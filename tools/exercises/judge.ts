/**
 * The conditions on a variant after its tests have run.
 *
 * @module
 */

import type { TestCase } from "./junit.ts";
import type { Variant } from "./variants.ts";

/**
 * Judges a variant.
 *
 * @param variant The variant.
 * @param all The tests of all variants.
 * @returns What is wrong, in words; undefined if it does what it must.
 */
export function judge({ kind, path, words }: Variant, all: readonly TestCase[]): string | undefined {
  const cases = all.filter(({ file }) => file.includes(`${path}/exercise_test.ts`));
  if (cases.length === 0) return "no test ran: the file throws at its top, or has no test";
  const failures = cases.flatMap(({ name, failure }) => failure === undefined ? [] : [{ name, ...failure }]);
  const [first] = failures;
  if (kind === "solved") {
    return first === undefined ? undefined : `"${first.name}" fails: ${first.message.split("\n")[0]}`;
  }
  if (first === undefined) return "no test fails";
  const crash = failures.find(({ error }) => error !== "AssertionError");
  if (crash !== undefined) return `"${crash.name}" ends in ${crash.error}, not in an assertion: ${crash.message}`;
  if (failures.some(({ message }) => message.includes(words))) return undefined;
  return `expected a failure that says "${words}" but found "${first.message.split("\n")[0]}"`;
}
