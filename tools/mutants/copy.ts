/**
 * A copy of the project, in which a bug can be planted.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import { isEnding } from "../command/ending.ts";
import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { NAMES } from "../offline/names.ts";
import { standInOptions } from "../offline/stand_in_options.ts";
import type { Mutant, MutantTable } from "./mutant.ts";
import { plant } from "./plant.ts";

const LEFT_OUT = [".git", "out", "node_modules"];
/** Milliseconds after which a suite hangs. The slowest takes ten seconds of a processor. */
const SUITE_TIMEOUT = 300_000;

/** What a suite says: the test that failed; nothing if all passed. */
export type Verdict = { readonly noticedBy: string } | undefined;

/** A copy of the project. */
export class Copy {
  private constructor(readonly folder: string, readonly options: readonly string[]) {}

  /** Copies the project to a folder that is not there yet. */
  static async make(folder: string): Promise<Copy> {
    await Deno.mkdir(folder);
    const root = fileURLToPath(ROOT);
    for await (const { name } of Deno.readDir(root)) {
      if (!LEFT_OUT.includes(name)) await copyTree(`${root}${name}`, `${folder}/${name}`);
    }
    return new Copy(folder, await standInOptions(NAMES, pathToFileURL(`${folder}/`)));
  }

  /** Runs the suites in turn until one fails. */
  async run(suites: MutantTable["suites"]): Promise<Verdict> {
    for (const paths of suites) {
      const verdict = await this.#suite(paths);
      if (verdict) return verdict;
    }
    return undefined;
  }

  /** Plants a bug, runs the suites, and puts the file back. */
  async tryOut(mutant: Mutant, suites: MutantTable["suites"]): Promise<Verdict> {
    const path = `${this.folder}/${mutant.file}`;
    const source = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, plant(source, mutant));
    try {
      return await this.run(suites);
    } finally {
      await Deno.writeTextFile(path, source);
    }
  }

  async #suite(paths: readonly string[]): Promise<Verdict> {
    const limits = ["--no-check", "--no-prompt", "--allow-read=."];
    const args = ["test", ...limits, "--fail-fast", "--reporter=tap", ...this.options, ...paths];
    const { code, stopped, out, err } = await runDeno(args, {
      cwd: this.folder,
      env: { NO_COLOR: "1" },
      stop: AbortSignal.timeout(SUITE_TIMEOUT),
    });
    if (stopped) return { noticedBy: `(no end after ${SUITE_TIMEOUT / 1000} s)` };
    if (code === 0) return undefined;
    const failed = /^not ok \d+ - (.*)$/m.exec(out)?.[1];
    if (failed !== undefined) return { noticedBy: failed.replaceAll("\\#", "#") };
    throw new Error(`the tests did not run: ${err.trim()}`);
  }
}

/** A signal ends the copy too: what it wrote on would bring back the folder that is being removed. */
async function copyTree(from: string, to: string): Promise<void> {
  if (isEnding()) return;
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copyTree(`${from}/${name}`, `${to}/${name}`);
}
