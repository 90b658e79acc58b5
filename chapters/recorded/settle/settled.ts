/**
 * The strategies on the real Xen: the operations of each kernel, and the last recorded answers of Xen 4.17.
 *
 * @module
 */

import { readAnswers } from "./answers.ts";
import { exportBoot, QUESTIONS } from "./export.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** One row: a boot, with the results of the model and of Xen. */
export type { Verdict as Settled } from "./verdict.ts";

/**
 * Boots every strategy on the emulated Xen, 64-bit with 16 MiB, and compares with the real one's answers to the same operations.
 *
 * @returns A row for each strategy; its `difference` is undefined if every answer is the same.
 * @throws {Deno.errors.NotFound} If nothing is on record.
 */
export async function settled(): Promise<Verdict[]> {
  const exported = QUESTIONS.map(exportBoot);
  return await Promise.all(exported.map(async (boot) => verdictOf(boot, await readAnswers(boot))));
}
