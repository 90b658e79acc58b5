/**
 * Loads of a 32-bit PAE guest in v86, which compiles a guest to WebAssembly.
 *
 * Reads JSON, a line each: first its task, then orders. Answers an order with the nanoseconds of processor time and the sum of what was loaded.
 *
 * @module
 */

import { cpuUsage, stdin } from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Sample } from "../jobs/job.ts";
import type { GuestTask, LoadOrder } from "../peer_guest.ts";

/** What is used of v86. */
interface Emulator {
  add_listener(event: "emulator-loaded", heard: () => void): void;
  write_memory(bytes: Uint8Array, address: number): void;
  run(): Promise<void>;
  stop(): Promise<void>;
  destroy(): Promise<void>;
  readonly v86: {
    readonly cpu: {
      readonly io: { register_write(port: number, device: unknown, write: (byte: number) => void): void };
    };
  };
}
interface Package {
  readonly V86: new (options: unknown) => Emulator;
}

const PARALLEL_PORT = 0x378;
/** Below is the firmware. */
const FIRST_BYTE = 0x10_0000;

/** An emulator that does not run yet, its memory filled. */
async function emulatorOf(folder: string, { image, firmware, bytes }: GuestTask): Promise<Emulator> {
  const { V86 }: Package = await import(pathToFileURL(`${folder}/build/libv86.mjs`).href);
  const emulator = new V86({
    wasm_path: `${folder}/build/v86.wasm`,
    bios: { buffer: (await Deno.readFile(firmware)).buffer },
    memory_size: bytes,
    autostart: false,
  });
  await new Promise<void>((loaded) => emulator.add_listener("emulator-loaded", loaded));
  emulator.write_memory((await Deno.readFile(image)).subarray(FIRST_BYTE), FIRST_BYTE);
  return emulator;
}

/** An order as the guest reads it: where to begin, what to keep of an address, how many loads. */
function orderBytes(linear: number, { pages, passes, offset }: LoadOrder): Uint8Array {
  return new Uint8Array(Uint32Array.of(linear + offset, linear | (pages * 4096 - 1), pages * passes).buffer);
}

/** Lets the guest do an order: it sends the four bytes of the sum when it is done. */
async function load(emulator: Emulator, { orderAt, linear }: GuestTask, order: LoadOrder): Promise<Sample> {
  const { promise, resolve } = Promise.withResolvers<Sample>();
  const sent = new DataView(new ArrayBuffer(4));
  let bytes = 0;
  emulator.write_memory(orderBytes(linear, order), orderAt);
  const begun = cpuUsage();
  emulator.v86.cpu.io.register_write(PARALLEL_PORT, {}, (byte) => {
    sent.setUint8(bytes++, byte);
    const { user, system } = cpuUsage(begun);
    if (bytes === 4) resolve({ nanoseconds: (user + system) * 1_000, checksum: sent.getUint32(0, true) });
  });
  await emulator.run();
  const sample = await promise;
  await emulator.stop();
  return sample;
}

async function main(folder: string): Promise<void> {
  const print = (value: unknown) => Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
  const lines = createInterface({ input: stdin })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value ?? "null";
  const task: GuestTask = JSON.parse(await next());
  const emulator = await emulatorOf(folder, task);
  const { version } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  print({ version: version.split("+")[0] });
  for (let order = JSON.parse(await next()); order !== null; order = JSON.parse(await next())) {
    print(await load(emulator, task, order));
  }
  await emulator.destroy(); // else its timers keep this process
}

if (import.meta.main) await main(Deno.args[0] ?? "");
