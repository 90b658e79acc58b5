/**
 * The tasks of `deno.json`, taken apart.
 *
 * @module
 */
import { runDeno } from "../../tools/command/process.ts";

/** A task that runs a program of this project. */
export interface TaskLine {
  readonly name: string;
  /** Permissions and the like. */
  readonly flags: readonly string[];
  /** The program and the arguments that it always gets. */
  readonly program: readonly string[];
}

/** How a task ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** All tasks, in the order of the file. */
export async function taskLines(): Promise<TaskLine[]> {
  const { tasks }: { tasks: Record<string, string> } = JSON.parse(await Deno.readTextFile("deno.json"));
  return Object.entries(tasks).map(([name, line]) => {
    const words = line.split(" ");
    const at = words.findIndex((word) => word.startsWith("tools/"));
    return { name, flags: words.slice(2, at), program: words.slice(at) };
  });
}

/** The task of this name. Throws RangeError if there is none. */
export function taskNamed(tasks: readonly TaskLine[], name: string): TaskLine {
  const task = tasks.find((task) => task.name === name);
  if (task === undefined) throw new RangeError(`Expected a task but found ${name}`);
  return task;
}

/** Runs a task as `deno task` does, its input empty, with the permissions of its line and no more. */
export async function runTask({ flags, program }: TaskLine, ...args: string[]): Promise<Ended> {
  const { code, out, err } = await runDeno(["run", "-q", ...flags, ...program, ...args]);
  return { code, out, err };
}
