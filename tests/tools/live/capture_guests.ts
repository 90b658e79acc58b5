/**
 * Captures live guests in all four paging modes, over QMP and by a gdb stub, and compares every leaf with QEMU's own listing.
 *
 *     deno run -A tests/tools/live/capture_guests.ts
 *
 * Exit 0: all equal; 1: a difference; 3: a program is missing, which stderr names.
 *
 * @module
 */

import { start } from "../../../tools/command/process.ts";
import { auditCommand } from "../../../tools/audit.ts";
import { captureCommand } from "../../../tools/capture.ts";
import { Qmp } from "../../../tools/capture/qmp.ts";
import { runIn } from "../run_here.ts";
import type { Ended } from "../task_lines.ts";
import { missingPackages, NASM, type Need, runFor } from "../../../tools/reference/live/programs.ts";

const QEMU: Need = { file: "/usr/bin/qemu-system-x86_64", debianPackage: "qemu-system-x86" };
const MODES = ["two-level", "pae", "4-level", "5-level"] as const;
const MACHINE = ["-accel", "tcg", "-cpu", "max", "-m", "64M", "-nodefaults", "-display", "none"];
const SOURCE = decodeURIComponent(new URL("guest.asm", import.meta.url).pathname);
const TRIES = 200;
const PAUSE = 50; // milliseconds

/** Captures as soon as the socket is there and the guest has switched paging on. */
async function captured(folder: string, name: string): Promise<Ended> {
  let ended: Ended | undefined;
  for (let i = 0; i < TRIES; i++) {
    ended = await runIn({ folder }, captureCommand, "qmp.sock", "--out", `${name}.json`);
    if (ended.code === 0) return ended;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error(`Expected a capture of ${name} but found: ${ended?.err}`);
}

/** QEMU's own leaves, without bit 63, which 7.2 leaves in the physical address. */
async function listing(folder: string): Promise<string> {
  using connection = await Deno.connect({ transport: "unix", path: `${folder}/qmp.sock` });
  const qmp = await Qmp.open(connection);
  const lines = (await qmp.monitor("info tlb")).trimEnd().split(/\r?\n/);
  return lines.map((line) => line.replace(/(?<=: )[0-9a-f]{16}/, (it) => masked(it))).join("\n") + "\n";
}

function masked(digits: string): string {
  return (BigInt(`0x${digits}`) & (2n ** 52n - 1n)).toString(16).padStart(16, "0");
}

async function compare(mode: typeof MODES[number], folder: string): Promise<string | undefined> {
  const guest = `${folder}/guest.bin`;
  const assembled = await runFor(NASM.file, ["-f", "bin", `-dMODE=${MODES.indexOf(mode)}`, "-o", guest, SOURCE], {
    cwd: folder,
    seconds: 30,
  });
  if (assembled.code !== 0) throw new Error(`Expected nasm to assemble the guest but found: ${assembled.said}`);
  const socket = ["-qmp", "unix:qmp.sock,server=on,wait=off", "-gdb", "unix:gdb.sock,server=on,wait=off", "-smp", "2"];
  const silent = { cwd: folder, stdout: "null", stderr: "null" } as const;
  const qemu = start(QEMU.file, [...MACHINE, "-kernel", guest, ...socket], silent);
  try {
    const { out } = await captured(folder, mode);
    if (!out.startsWith(`${mode} paging, `)) return `found ${out.trim()}`;
    const expected = await listing(folder);
    for (
      const [words, name] of [[["qmp.sock"], "qmp"], [["gdb:gdb.sock"], "gdb"], [
        ["qmp.sock", "--cpu", "all"],
        "all",
      ]] as const
    ) {
      const ended = await runIn({ folder }, captureCommand, ...words, "--out", `${name}.json`);
      if (ended.code !== 0) return `found ${ended.err.trim()}`;
      const file = name === "all" ? "all-cpu0.json" : `${name}.json`;
      const leaves = await runIn({ folder }, auditCommand, file, "--leaves");
      if (leaves.out !== expected) return `leaves differ from QEMU's: ${words.join(" ")}`;
    }
    return undefined;
  } finally {
    qemu.kill("SIGTERM");
    await qemu.status;
  }
}

async function print(stream: typeof Deno.stdout, line: string): Promise<void> {
  await stream.write(new TextEncoder().encode(`${line}\n`));
}

async function main(): Promise<number> {
  const missing = await missingPackages([QEMU, NASM]);
  if (missing.length > 0) {
    await print(Deno.stderr, `no live guest here: apt-get install ${missing.join(" ")}`);
    return 3;
  }
  let differences = 0;
  for (const mode of MODES) {
    const folder = await Deno.makeTempDir();
    try {
      const difference = await compare(mode, folder);
      await print(Deno.stdout, `${mode}: ${difference ?? "every leaf is QEMU's"}`);
      if (difference !== undefined) differences++;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return differences === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
