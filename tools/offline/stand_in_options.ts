/**
 * The options with which Deno runs tests where JSR does not answer.
 *
 * @module
 */

import { runDeno } from "../command/process.ts";
import { importMapUrl, jsrSpecifiers, type PackageNames } from "./import_map.ts";

const ANSWER_TIMEOUT = 8_000; // milliseconds: a host may accept and never answer

/** Whether JSR, or its cache, has what tests import. `TEXTBOOK_STD=jsr` or `TEXTBOOK_STD=npm` decides without asking. */
async function jsrAnswers(names: PackageNames): Promise<boolean> {
  const decided = Deno.env.get("TEXTBOOK_STD");
  if (decided) return decided === "jsr";
  try {
    const args = ["cache", "-q", "--no-lock", "--no-config", ...jsrSpecifiers(names)];
    const { code } = await runDeno(args, { stop: AbortSignal.timeout(ANSWER_TIMEOUT) });
    return code === 0;
  } catch {
    return false;
  }
}

/**
 * Asks whether JSR answers and returns the options for `deno test` and `deno check`.
 *
 * @param names The names that `deno.json` gives.
 * @param root The folder of `deno.json`, as a URL that ends in a slash.
 * @returns No options with JSR; without it those that take `@std` from npm.
 */
export async function standInOptions(names: PackageNames, root: URL): Promise<string[]> {
  return await jsrAnswers(names) ? [] : [`--import-map=${importMapUrl(names, root)}`, "--no-lock"];
}
