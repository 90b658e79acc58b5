/**
 * The guard: a process that lets the guest run on if the capture was killed before it could.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { start } from "../command/process.ts";
import type { Guard } from "./capture.ts";

const PROGRAM = fileURLToPath(new URL("guard_program.ts", import.meta.url));

/** The messages to the guard, a letter each. The last one counts when no more can come. */
export const STOPPED = "s";
export const RUNNING = "r";

/**
 * A guard that starts when it is needed.
 *
 * @param socket Where QEMU listens, as `connect` of `socket.ts` takes it: a path is absolute or relative to the project.
 * @returns The guard.
 */
export function guardOf(socket: string): Guard {
  let writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  const tell = async (letter: string) => await writer?.write(new TextEncoder().encode(letter));
  return {
    stopping: async () => {
      const limits = ["--no-prompt", "--allow-read", "--allow-write", "--allow-net"];
      const child = start(Deno.execPath(), ["run", "-q", ...limits, PROGRAM, socket], {
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
        outlives: true,
      });
      writer = child.stdin.getWriter();
      await tell(STOPPED);
      await child.stdout.getReader().read(); // it has heard
    },
    running: async () => {
      await tell(RUNNING);
      await writer?.close();
    },
  };
}
