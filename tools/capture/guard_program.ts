/**
 * The guard's own process. It hears no signal that the capture hears; it ends when the capture has ended.
 *
 * @module
 */

import { connect, parseSocket } from "./socket.ts";
import { Gdb } from "./gdb.ts";
import { RUNNING, STOPPED } from "./guard.ts";
import { Qmp } from "./qmp.ts";

const TRIES = 20;
const PAUSE = 250; // milliseconds: QEMU takes a moment to see that its client has gone

/** Lets the guest run. QEMU talks to one client at a time, so it may have to wait until the other is gone. */
async function letRun(socket: string): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    try {
      using connection = await connect(parseSocket(socket.replace(/^gdb:/, "")));
      if (socket.startsWith("gdb:")) await new Gdb(connection).detach();
      else await (await Qmp.open(connection)).execute("cont");
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** The last letter of what the capture says, when it has ended. */
async function lastLetter(): Promise<string> {
  let last = "";
  for await (const bytes of Deno.stdin.readable) {
    last = new TextDecoder().decode(bytes).at(-1) ?? last;
    if (last === STOPPED) await Deno.stdout.write(new TextEncoder().encode(RUNNING)).catch(() => {});
  }
  return last;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  try {
    Deno.addSignalListener(signal, () => {});
  } catch {
    // Windows does not have them all
  }
}
if (await lastLetter() === STOPPED) await letRun(Deno.args[0] ?? "");
