/**
 * A task as words of a command line, without `deno task` between it and a signal.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { ROOT } from "../../tools/command/root.ts";
import { taskLines, taskNamed } from "../tools/task_lines.ts";

const TASKS = await taskLines();

/** The environment of a task in a test. */
export const ENV = { NO_COLOR: "1", TEXTBOOK_STD: "npm", RUST_BACKTRACE: "0" } as const;
/** What a stack trace looks like. */
export const STACK: RegExp = /\n\s+at /;

/** An empty folder inside the project, where an assignment has to be. */
export async function outFolder(): Promise<string> {
  const dir = fileURLToPath(new URL("out", ROOT));
  await Deno.mkdir(dir, { recursive: true });
  return await Deno.makeTempDir({ dir });
}

/**
 * The program and its arguments.
 *
 * @param name The task.
 * @param args Arguments with blanks between them.
 * @param out What stands for `OUT` in them.
 */
export function wordsOf(name: string, args: string, out: string): string[] {
  const { flags, program } = taskNamed(TASKS, name);
  const words = args.split(" ").filter((word) => word !== "").map((word) => word.replace("OUT", out));
  return [Deno.execPath(), "run", "-q", ...flags, ...program, ...words];
}

/** Words as a line of a shell. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}
