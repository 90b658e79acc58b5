/**
 * Notebooks through a real Jupyter.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { ROOT } from "../command/root.ts";
import { run } from "../command/process.ts";
import { withScratch } from "../command/scratch.ts";
import type { Environment } from "./environment.ts";
import type { Notebook } from "./notebook.ts";

/** A notebook that was executed. */
export interface Executed {
  /** Name of the file, without its ending. */
  readonly name: string;
  readonly seconds: number;
  /** The cell that failed and what it said, or null. */
  readonly error: { readonly cell: string; readonly message: string } | null;
  /** The file that Jupyter writes. */
  readonly text: string;
}

/** The folder of the notebooks: their kernels start there, as a front end starts them. */
export const NOTEBOOKS: URL = new URL("notebooks/", ROOT);

const DRIVER = new URL("execute.py", import.meta.url);

/**
 * Executes notebooks, two side by side.
 *
 * @param notebooks The notebooks by name.
 * @param environment The environment with Jupyter and the kernel.
 * @param folder The folder that the kernels start in.
 * @returns What came of each, in any order.
 * @throws {Error} If Jupyter itself fails; the message has what it said.
 */
export async function execute(
  notebooks: ReadonlyMap<string, Notebook>,
  { python, env }: Environment,
  folder: URL = NOTEBOOKS,
): Promise<Executed[]> {
  return await withScratch(async (scratch) => {
    const pathOf = (name: string) => `${scratch}/${name}.ipynb`;
    for (const [name, notebook] of notebooks) await Deno.writeTextFile(pathOf(name), JSON.stringify(notebook));
    const args = [fileURLToPath(DRIVER), fileURLToPath(folder), ...[...notebooks.keys()].map(pathOf)];
    const { code, out, err } = await run(python, args, { env: { ...env, DENO_NO_UPDATE_CHECK: "1" } });
    if (code !== 0) throw new Error(err);
    const results: Executed[] = out.trim().split("\n").map((line) => JSON.parse(line));
    return await Promise.all(
      results.map(async (result) => ({ ...result, text: await Deno.readTextFile(pathOf(result.name)) })),
    );
  });
}
