/**
 * Memory that machines take, each measured in a process of its own.
 *
 * @module
 */

import { runDeno } from "../command/process.ts";
import { MEASURED, type Measured } from "./memory_process.ts";

/**
 * Measures all of them.
 *
 * @returns The lines of the report, or why there are none.
 */
export async function measureMemory(): Promise<readonly Measured[] | string> {
  const lines: Measured[] = [];
  for (const { name } of MEASURED) {
    const program = ["run", "--no-prompt", "--v8-flags=--expose-gc", "tools/bench/memory_process.ts", name];
    const { code, out } = await runDeno(program, { stderr: "inherit" });
    if (code !== 0) return `the process that measures "${name}" failed`;
    lines.push(JSON.parse(out));
  }
  return lines;
}
