/**
 * Commands run in the test's own process.
 *
 * @module
 */
import { type Command, runCommand } from "../../tools/command.ts";
import type { Ended } from "./task_lines.ts";

/** Runs a command from the root of the project, and keeps what it says; for one run with the permissions of its task there is `runTask`. */
export async function runHere(command: Command, ...args: string[]): Promise<Ended> {
  let [out, err] = ["", ""];
  const streams = { out: (text: string) => out += text, err: (text: string) => err += text, folder: "." };
  return { code: await runCommand(command, args, streams), out, err };
}
