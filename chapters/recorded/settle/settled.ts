/**
 * The strategies before the real Xen: what each kernel asked for, and what Xen 4.17 answered when it was last recorded.
 *
 * @module
 */

import { readAnswers } from "./answers.ts";
import { exportBoot, QUESTIONS } from "./export.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** One row: a boot, the model's word on it and Xen's. */
export type { Verdict as Settled } from "./verdict.ts";

/**
 * Boots every strategy on the emulated Xen, 64-bit with 16 MiB, and lays what the real one answered to the same operations beside it.
 *
 * @returns A row for each strategy; its `difference` is undefined if every answer is the same.
 * @throws {Deno.errors.NotFound} If nothing is on record.
 */
export async function settled(): Promise<Verdict[]> {
  const exported = QUESTIONS.map(exportBoot);
  return await Promise.all(exported.map(async (boot) => verdictOf(boot, await readAnswers(boot))));
}
