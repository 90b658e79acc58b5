/**
 * What machines take of memory, each measured in a process of its own.
 *
 * @module
 */

import { MEASURED, type Measured } from "./memory_process.ts";

/**
 * Measures all of them.
 *
 * @returns The lines of the report, or why there are none.
 */
export async function measureMemory(): Promise<readonly Measured[] | string> {
  const lines: Measured[] = [];
  for (const { name } of MEASURED) {
    try {
      const { success, stdout } = await new Deno.Command("deno", {
        args: ["run", "--no-prompt", "--v8-flags=--expose-gc", "tools/bench/memory_process.ts", name],
        stderr: "inherit",
      }).output();
      if (!success) return `the process that measures "${name}" failed`;
      lines.push(JSON.parse(new TextDecoder().decode(stdout)));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return error.message;
      throw error;
    }
  }
  return lines;
}
