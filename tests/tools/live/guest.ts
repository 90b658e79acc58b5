/**
 * Guests of QEMU that are written for a test, as flat files that QEMU starts by Multiboot.
 *
 * @module
 */

import { captureCommand } from "../../../tools/capture.ts";
import { start } from "../../../tools/command/process.ts";
import { NASM, type Need, runFor } from "../../../tools/reference/live/programs.ts";
import { runIn } from "../run_here.ts";
import type { Ended } from "../task_lines.ts";

/** The paging modes by the number that the sources of the guests have for them. */
export const GUEST_MODES = ["two-level", "pae", "4-level", "5-level"] as const;

/** A paging mode of a guest. */
export type GuestMode = typeof GUEST_MODES[number];

/** The programs that a guest needs. */
export const GUEST_NEEDS: readonly Need[] = [
  { file: "/usr/bin/qemu-system-x86_64", debianPackage: "qemu-system-x86" },
  NASM,
];

const MACHINE = ["-accel", "tcg", "-cpu", "max", "-m", "64M", "-nodefaults", "-display", "none"];
const TRIES = 200;
const PAUSE = 50; // milliseconds

/** Assembles a guest and starts it in a folder, with QMP at `qmp.sock`. It ends with the use. */
export async function withGuest<T>(
  { source, defines, folder, args = [] }: {
    source: string;
    defines: Readonly<Record<string, number>>;
    folder: string;
    args?: readonly string[];
  },
  use: () => Promise<T>,
): Promise<T> {
  const path = decodeURIComponent(new URL(source, import.meta.url).pathname);
  const options = Object.entries(defines).map(([name, value]) => `-d${name}=${value}`);
  const assembled = await runFor(NASM.file, ["-f", "bin", ...options, "-o", "guest.bin", path], {
    cwd: folder,
    seconds: 30,
  });
  if (assembled.code !== 0) throw new Error(`Expected nasm to assemble ${source} but found: ${assembled.said}`);
  const socket = ["-qmp", "unix:qmp.sock,server=on,wait=off"];
  const silent = { cwd: folder, stdout: "null", stderr: "null" } as const;
  const [{ file }] = GUEST_NEEDS as [Need];
  const qemu = start(file, [...MACHINE, "-kernel", "guest.bin", ...socket, ...args], silent);
  try {
    return await use();
  } finally {
    qemu.kill("SIGTERM");
    await qemu.status;
  }
}

/** Captures as soon as the socket is there and the guest has switched paging on. */
export async function captured(folder: string, name: string, ...args: string[]): Promise<Ended> {
  let ended: Ended | undefined;
  for (let i = 0; i < TRIES; i++) {
    ended = await runIn({ folder }, captureCommand, "qmp.sock", "--out", `${name}.json`, ...args);
    if (ended.code === 0) return ended;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error(`Expected a capture of ${name} but found: ${ended?.err}`);
}

/** Prints a line. */
export async function print(stream: typeof Deno.stdout, line: string): Promise<void> {
  await stream.write(new TextEncoder().encode(`${line}\n`));
}
