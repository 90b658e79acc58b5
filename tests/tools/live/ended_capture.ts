/**
 * Captures a guest that answers slowly, or not at all, and ends the capture while the guest stands still. Prints a list in JSON, an object for each
 * way of ending: what came of it, and whether the guest ran afterwards.
 *
 *     deno run -A tests/tools/live/ended_capture.ts
 *
 * @module
 */

import { start } from "../../../tools/command/process.ts";
import { taskLines, taskNamed } from "../task_lines.ts";
import { answer, type FakeGuest, fakeGuest } from "../fake_guest.ts";
import { fakeQmp } from "../fake_qmp.ts";

const TRIES = 400;
const PAUSE = 25; // milliseconds

/** After how many frames the guest's QEMU falls silent, to dumps or to everything, and how the capture is ended then. */
const WAYS = [
  { frames: 3, silent: "dumps", signal: "SIGINT" },
  { frames: 3, silent: "dumps", signal: "SIGTERM" },
  { frames: 3, silent: "dumps", signal: "SIGHUP" },
  { frames: 3, silent: "dumps", signal: "SIGKILL" },
  { frames: 3, silent: "all", signal: "SIGTERM" },
] as const;
type Way = typeof WAYS[number];

async function until(condition: () => boolean): Promise<boolean> {
  for (let i = 0; i < TRIES && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, PAUSE));
  return condition();
}

/** A QEMU that falls silent in the middle. Who connects anew is heard again. */
async function serve(listener: Deno.UnixListener, guest: FakeGuest, { frames, silent }: Way, hush: () => void) {
  let dumped = 0;
  for await (const connection of listener) {
    const first = dumped === 0;
    const { readable, writable } = fakeQmp((sent) => {
      if (String(sent.arguments["command-line"]).startsWith("xp")) dumped++;
      const dumps = String(sent.arguments["command-line"]).startsWith("xp");
      if (!first || dumped <= frames || (silent === "dumps" && !dumps)) return answer(guest, sent);
      hush();
      return "";
    });
    Promise.allSettled([readable.pipeTo(connection.writable), connection.readable.pipeTo(writable)]);
  }
}

async function endedBy(way: Way): Promise<unknown> {
  const folder = await Deno.makeTempDir();
  const guest = await fakeGuest("linux61-686-2level");
  using listener = Deno.listen({ transport: "unix", path: `${folder}/qmp.sock` });
  let silent = false;
  serve(listener, guest, way, () => silent = true).catch(() => {});
  const { flags, program } = taskNamed(await taskLines(), "capture");
  const child = start(Deno.execPath(), ["run", "-q", ...flags, ...program, "qmp.sock", "--out", "guest.json"], {
    env: { INIT_CWD: folder },
    stderr: "piped",
  });
  const stopped = await until(() => silent) && !guest.running;
  child.kill(way.signal);
  const [said, { code }] = await Promise.all([new Response(child.stderr).text(), child.status]);
  const runs = await until(() => guest.running);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name !== "qmp.sock");
  await Deno.remove(folder, { recursive: true });
  return { signal: way.signal, silent: way.silent, stopped, code, said, runs, files };
}

await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(await Promise.all(WAYS.map(endedBy)))));
Deno.exit();
