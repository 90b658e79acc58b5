/**
 * Commands run in the test's own process.
 *
 * @module
 */
import { type Command, runCommand, type Streams } from "../../tools/command.ts";
import type { Ended } from "./task_lines.ts";

/** Runs a command from the root of the project, and keeps what it says; for one run with the permissions of its task there is `runTask`. */
export async function runHere(command: Command, ...args: string[]): Promise<Ended> {
  return await runIn({ folder: "." }, command, ...args);
}

/** Runs a command as one that is started elsewhere, or on another terminal. */
export async function runIn(place: Partial<Streams>, command: Command, ...args: string[]): Promise<Ended> {
  let [out, err] = ["", ""];
  const streams: Streams = {
    out: (text) => out += text,
    err: (text) => err += text,
    folder: ".",
    columns: 120,
    color: false,
    watched: false,
    ...place,
  };
  return { code: await runCommand(command, args, streams), out, err };
}
