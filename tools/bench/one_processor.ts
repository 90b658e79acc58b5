/**
 * Both sides of a comparison on one processor: of the processors of a virtual machine, one is often half as fast as another for a while.
 *
 * @module
 */

import { run } from "../command/process.ts";

/**
 * Does work on one processor, with all that is started meanwhile. Where there is no `taskset`, it is done anywhere.
 *
 * @param work The work. Its sides take turns.
 * @returns What it returns.
 */
export async function onOneProcessor<T>(work: () => Promise<T>): Promise<T> {
  const all = await taskset([]);
  const last = all?.split(/[,-]/).at(-1);
  if (all === undefined || last === undefined) return await work();
  await taskset([last]);
  try {
    return await work();
  } finally {
    await taskset([all]);
  }
}

/** Asks for the list of processors that the threads of this process may use, or sets it; undefined where there is no such program, or it may not be run. */
async function taskset(list: readonly string[]): Promise<string | undefined> {
  try {
    const { code, out } = await run("taskset", ["-acp", ...list, `${Deno.pid}`]);
    return code === 0 ? /: ([\d,-]+)/.exec(out)?.[1] : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
