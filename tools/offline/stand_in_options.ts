/**
 * The options with which Deno runs tests where JSR does not answer, and where a run must be closed.
 *
 * @module
 */

import { runDeno } from "../command/process.ts";
import { closedMapUrl, importMapUrl, jsrSpecifiers, type PackageNames, type Std } from "./import_map.ts";

/** Milliseconds in which JSR answers: a host may accept and never do. */
const ANSWER_TIMEOUT = 8_000;
/** Milliseconds in which nobody wonders. */
const SILENT_TIMEOUT = 1_000;

/** Is told what takes long. */
export type Say = (text: string) => void;

/**
 * Finds out whether JSR, or its cache, has what tests import. `TEXTBOOK_STD=jsr` or `TEXTBOOK_STD=npm` decides without asking.
 *
 * @param names The names that `deno.json` gives.
 * @param say Is told if it takes long.
 * @returns Where `@std` is to come from.
 */
export async function findStd(names: PackageNames, say: Say): Promise<Std> {
  const decided = Deno.env.get("TEXTBOOK_STD");
  if (decided) return decided === "jsr" ? "jsr" : "npm";
  const timer = setTimeout(() => say("Asking whether JSR answers; TEXTBOOK_STD=npm goes without.\n"), SILENT_TIMEOUT);
  try {
    const args = ["cache", "-q", "--no-lock", "--no-config", ...jsrSpecifiers(names)];
    const { code } = await runDeno(args, { stop: AbortSignal.timeout(ANSWER_TIMEOUT) });
    return code === 0 ? "jsr" : "npm";
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks whether JSR answers and returns the options for `deno test` and `deno check`.
 *
 * @param names The names that `deno.json` gives.
 * @param root The folder of `deno.json`, as a URL that ends in a slash.
 * @param say Is told if it takes long.
 * @returns No options with JSR; without it those that take `@std` from npm.
 */
export async function standInOptions(names: PackageNames, root: URL, say: Say = () => {}): Promise<string[]> {
  return await findStd(names, say) === "jsr" ? [] : [`--import-map=${importMapUrl(names, root)}`, "--no-lock"];
}

/**
 * The options of a run that imports nothing from outside the project, and nothing over the network.
 *
 * @param names The names that `deno.json` gives.
 * @param root The folder of `deno.json`, as a URL that ends in a slash.
 * @param std Where `@std` comes from.
 * @param folders Other folders that may be imported from, likewise.
 * @returns The options, for `deno test` and `deno run`.
 */
export function closedOptions(names: PackageNames, root: URL, std: Std, folders: readonly URL[]): string[] {
  return [`--import-map=${closedMapUrl(names, root, std, folders)}`, "--no-lock", "--cached-only"];
}

/**
 * Fetches what a closed run may import, unless the cache has it.
 *
 * @param names The names that `deno.json` gives.
 * @param root The folder of `deno.json`, as a URL that ends in a slash.
 * @param std Where `@std` comes from.
 * @returns Why something cannot be had; undefined if all is there.
 */
export async function fetchNames(names: PackageNames, root: URL, std: Std): Promise<string | undefined> {
  const map = `--import-map=${closedMapUrl(names, root, std, [])}`;
  const modules = ["mod.ts", "chapters/mod.ts", ...std === "jsr" ? jsrSpecifiers(names) : ["tools/offline/assert.js"]];
  const { code, err } = await runDeno(["cache", "-q", map, "--no-lock", ...modules], { env: { NO_COLOR: "1" } });
  return code === 0 ? undefined : err;
}
