/**
 * A guest of the fake QEMU: a recorded state, which answers as QEMU 7.2 does.
 *
 * @module
 */

import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import type { Reply, Sent } from "./fake_qmp.ts";

/** A recorded state as a guest. */
export interface FakeGuest {
  /** What `info registers` prints. */
  registers: string;
  /** Frames of memory by number. */
  readonly frames: Map<number, DataView>;
  readonly ramBytes: number;
  running: boolean;
}

/** Reads a recorded state. */
export async function fakeGuest(name: string): Promise<FakeGuest> {
  const folder = "tests/fixtures/kernels/";
  const header = JSON.parse(await Deno.readTextFile(`${folder}${name}.json`));
  const bytes = await readBounded(`${folder}${name}.pt.gz`);
  const numbers: string[] = header.frames;
  const frames = new Map(
    numbers.map((frame, i) => [Number(frame), new DataView(bytes.buffer, i * 4096, 4096)] as const),
  );
  const { cr0, cr2, cr3, cr4, efer } = header.registers;
  const hex = (text: string, width: number) => text.slice(2).padStart(width, "0");
  const registers =
    `\r\nCPU#0\r\nEAX=00000000 EBX=ffffffff\r\nEIP=c1000000 EFL=00200202 [-------] CPL=${header.cpl} II=0\r\n` +
    `CR0=${hex(cr0, 8)} CR2=${hex(cr2, 8)} CR3=${hex(cr3, 8)} CR4=${hex(cr4, 8)}\r\nEFER=${hex(efer, 16)}\r\n`;
  return { registers, frames, ramBytes: header.ramBytes, running: true };
}

/** What QEMU would answer. */
export function answer(guest: FakeGuest, { execute, arguments: args }: Sent): Reply {
  switch (execute) {
    case "query-status":
      return { return: { running: guest.running, status: guest.running ? "running" : "paused" } };
    case "stop":
    case "cont":
      guest.running = execute === "cont";
      return { return: {} };
    case "query-memory-size-summary":
      return { return: { "base-memory": guest.ramBytes, "plugged-memory": 0 } };
    case "human-monitor-command":
      return { return: printed(guest, String(args["command-line"])) };
    default:
      return { error: { class: "CommandNotFound", desc: `The command ${execute} has not been found` } };
  }
}

/** What its monitor prints. */
export function printed({ registers, frames, ramBytes }: FakeGuest, line: string): string {
  if (line === "info registers") return registers;
  if (line === "info memory_size_summary") return `base memory: ${ramBytes}\r\nplugged memory: 0\r\n`;
  const [, address = ""] = /^xp \/1024xw (0x[0-9a-f]+)$/.exec(line) ?? [];
  return address === "" ? `unknown command: '${line}'\r\n` : dump(frames.get(Number(address) / 4096), Number(address));
}

/** What `xp /1024xw` prints of a frame. */
export function dump(frame: DataView | undefined, address: number): string {
  if (frame === undefined) return `${address.toString(16).padStart(16, "0")}: Cannot access memory\r\n`;
  const word = (at: number) => `0x${frame.getUint32(at, true).toString(16).padStart(8, "0")}`;
  return Array.from({ length: 256 }, (_, row) => {
    const at = row * 16;
    const words = [at, at + 4, at + 8, at + 12].map(word).join(" ");
    return `${(address + at).toString(16).padStart(16, "0")}: ${words}\r\n`;
  }).join("");
}
