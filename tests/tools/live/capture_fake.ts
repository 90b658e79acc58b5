/**
 * Captures a fake guest over a real Unix socket, in a folder of its own, and prints what was said and which files are there.
 *
 *     deno run -A tests/tools/live/capture_fake.ts OUT.json [FILE]
 *
 * FILE is there before: a link to a file that is not. `--nowhere` instead of OUT.json: a socket that is not there.
 *
 * @module
 */

import { auditCommand } from "../../../tools/audit.ts";
import { captureCommand } from "../../../tools/capture.ts";
import { runCommand, type Streams } from "../../../tools/command.ts";
import { answer, fakeGuest } from "../fake_guest.ts";
import { fakeQmp } from "../fake_qmp.ts";

const encoder = new TextEncoder();
const [out = "", there] = Deno.args;
const folder = await Deno.makeTempDir();
const streams: Streams = {
  out: (text) => void Deno.stdout.writeSync(encoder.encode(text)),
  err: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
  folder,
  columns: 120,
  color: false,
  watched: false,
};

async function serve(listener: Deno.UnixListener): Promise<void> {
  const guest = await fakeGuest("linux61-686-2level");
  const { readable, writable } = fakeQmp((sent) => answer(guest, sent));
  const connection = await listener.accept();
  await Promise.allSettled([readable.pipeTo(connection.writable), connection.readable.pipeTo(writable)]);
}

async function attempt(): Promise<number> {
  if (out === "--nowhere") return await runCommand(captureCommand, ["nowhere.sock"], streams);
  using listener = Deno.listen({ transport: "unix", path: `${folder}/qmp.sock` });
  if (there !== undefined) await Deno.symlink(`${folder}/elsewhere`, `${folder}/${there}`);
  serve(listener);
  const code = await runCommand(captureCommand, ["qmp.sock", "--out", out], streams);
  return code === 0 ? await runCommand(auditCommand, [out], streams) : code;
}

const code = await attempt();
const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
streams.out(`\0${files.join(" ")}`);
await Deno.remove(folder, { recursive: true });
Deno.exit(code);
