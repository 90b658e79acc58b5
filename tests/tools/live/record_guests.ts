/**
 * Records live guests in all four paging modes, and compares what the recording has at its end with what `capture` reads at that moment, leaf by leaf; then guests
 * with a planted mistake, and who is to blame for it.
 *
 *     deno run -A tests/tools/live/record_guests.ts
 *
 * Exit 0: all as expected; 1: something else; 3: a program is missing, which stderr names.
 *
 * @module
 */

import { readRecording } from "../../../chapters/recorded/files/recording.ts";
import { blame, formatWriter, type Recording } from "../../../core/recording/mod.ts";
import { auditCommand } from "../../../tools/audit.ts";
import { captureCommand } from "../../../tools/capture.ts";
import { Qmp } from "../../../tools/capture/qmp.ts";
import { recordCommand } from "../../../tools/record.ts";
import { missingPackages } from "../../../tools/reference/live/programs.ts";
import { runIn } from "../run_here.ts";
import { buildGuest, NEEDS, QEMU } from "./recorded_guest.ts";

const MODES = ["two-level", "pae", "4-level", "5-level"] as const;
const TRIES = 600;
const PAUSE = 50; // milliseconds

/** A planted mistake, the address that it shows at, and what blame has to say. */
const DEFECTS: readonly {
  readonly id: number;
  readonly mode: number;
  readonly address: number;
  readonly says: string;
}[] = [
  { id: 1, mode: 2, address: 0x101000, says: "protect_more: lost write, stale" },
  { id: 2, mode: 0, address: 0x40000, says: "open_to_user: gained user" },
  { id: 3, mode: 3, address: 0x202000, says: "clear_buffer: unmapped, stale" },
  { id: 4, mode: 1, address: 0x22000, says: "touch_data: gained execute" },
];

/** Waits until the guest has said that it is done. */
async function done(folder: string): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    const said = await Deno.readTextFile(`${folder}/serial`).catch(() => "");
    if (said.includes("done")) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error("Expected the guest to be done but it is not");
}

async function quit(folder: string): Promise<void> {
  using connection = await Deno.connect({ transport: "unix", path: `${folder}/qmp.sock` });
  const qmp = await Qmp.open(connection);
  await qmp.execute("quit").catch(() => {});
}

/** Records a guest; at its end it is captured too. */
async function recorded(folder: string, mode: number, defect: number): Promise<Recording> {
  await buildGuest(folder, mode, defect);
  const guest = ["-m", "64M", "-cpu", "max", "-nodefaults", "-kernel", "guest.bin", "-serial", "file:serial"];
  const socket = ["-qmp", "unix:qmp.sock,server=on,wait=off"];
  const options = ["--out", "guest.rec", "--symbols", "guest.map", "--until", "60s", "--", QEMU.file];
  const recording = runIn({ folder }, recordCommand, ...options, ...guest, ...socket);
  await Promise.race([done(folder), recording]);
  const captured = await runIn({ folder }, captureCommand, "qmp.sock", "--out", "guest.json");
  await quit(folder);
  const { code, err } = await recording;
  if (code !== 0 || captured.code !== 0) {
    throw new Error(`Expected a recording and a capture but found: ${err}${captured.err}`);
  }
  return await readRecording(`${folder}/guest.rec`);
}

/** What is different at the end; undefined for nothing. */
async function difference(folder: string, mode: number): Promise<string | undefined> {
  const recording = await recorded(folder, mode, 0);
  const leaves = async (state: string) => (await runIn({ folder }, auditCommand, state, "--leaves")).out;
  if (recording.at(recording.length).header.mode?.id !== MODES[mode]) return "another mode";
  if (await leaves("guest.rec@end") !== await leaves("guest.json")) return "the leaves differ";
  const unexplained = recording.marks.filter(({ byCpu }) => !byCpu);
  return unexplained.length === 0 ? marksAmongWrites(recording) : `${unexplained.length} entries that nothing stored`;
}

/** The guest stores A or D in no entry: what has one is the CPU's. */
function marksAmongWrites({ trace, marks }: Recording): string | undefined {
  const marked = [...trace].find(({ stored, op }) => (stored.lo & 0x60) !== 0 && op !== "map_pages");
  if (marked !== undefined) return `write ${marked.step} has marks of the CPU`;
  return marks.length > 0 ? undefined : "the CPU marked nothing";
}

/** What blame says of the last write to an entry that the walk read. */
async function blamed(folder: string, { id, mode, address }: typeof DEFECTS[number]): Promise<string> {
  const rows = blame(await recorded(folder, mode, id), address);
  const last = rows.findLast(({ write, linked }) => write !== undefined && linked);
  if (last?.write === undefined) return "nobody";
  const parts = [
    last.gained.length > 0 ? `gained ${last.gained.join()}` : "",
    last.lost.length > 0 ? `lost ${last.lost.join()}` : "",
    last.before.frame >= 0 && last.after.frame < 0 ? "unmapped" : "",
    last.stale ? "stale" : "",
  ];
  return `${formatWriter({ ...last.write.writer, offset: 0 })}: ${parts.filter((part) => part !== "").join(", ")}`;
}

async function print(stream: typeof Deno.stdout, line: string): Promise<void> {
  await stream.write(new TextEncoder().encode(`${line}\n`));
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function main(): Promise<number> {
  const missing = await missingPackages(NEEDS);
  if (missing.length > 0) {
    await print(Deno.stderr, `no guest to record here: apt-get install ${missing.join(" ")}`);
    return 3;
  }
  let failures = 0;
  for (const [mode, id] of MODES.entries()) {
    const found = await inFolder((folder) => difference(folder, mode));
    await print(Deno.stdout, `${id}: ${found ?? "every leaf is that of the capture"}`);
    if (found !== undefined) failures++;
  }
  for (const defect of DEFECTS) {
    const found = await inFolder((folder) => blamed(folder, defect));
    await print(Deno.stdout, `defect ${defect.id}: ${found}`);
    if (found !== defect.says) failures++;
  }
  return failures === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
