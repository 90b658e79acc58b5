/**
 * The guest that only loads, for emulators of a whole machine: its memory, page tables and all, and its firmware, as files.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { Machine } from "../../core/mmu/mod.ts";
import { run } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { writeWhole } from "../command/whole_file.ts";

/** What an emulator reads first. */
export interface GuestTask {
  /** Path of a file that is physical memory. */
  readonly image: string;
  /** Path of the firmware. */
  readonly firmware: string;
  /** Bytes of memory. */
  readonly bytes: number;
  /** Linear address of the first page. */
  readonly linear: number;
  /** Physical address of the guest's code. */
  readonly code: number;
  /** Physical address of the guest's order. */
  readonly orderAt: number;
  readonly cr0: number;
  readonly cr3: number;
  readonly cr4: number;
}

/** Loads: a word of each page, page after page, some times. */
export interface LoadOrder {
  readonly pages: number;
  readonly passes: number;
  /** Of the word in its page. */
  readonly offset: number;
}

const FOLDER = "out/bench";
const SOURCES = "tools/bench/peers";
/** Offset of the guest's registers in its code, and of its order in its first page (guest.asm). */
const REGISTERS_AT = 4;
const ORDER_AT = 0x100;

/**
 * Writes the files.
 *
 * @param machine The machine, with paging on.
 * @param place Bytes of its memory, the linear address of its first page, the frame that this page maps, and where the code goes.
 * @returns What to tell an emulator, and whether guest and firmware are there: they need nasm.
 */
export async function writeGuest(
  { memory, cr0, cr3, cr4 }: Machine,
  { bytes, linear, frame, code }: Pick<GuestTask, "bytes" | "linear" | "code"> & { readonly frame: number },
): Promise<{ readonly task: GuestTask; readonly assembled: boolean }> {
  const words = new Int32Array(bytes / 4);
  for (let at = 0; at < bytes / 4096; at++) {
    const place = memory.placeOf(at);
    if (place !== 0) words.set(memory.words.subarray(place, place + 1024), at * 1024);
  }
  await Deno.mkdir(new URL(FOLDER, ROOT), { recursive: true });
  const image = new Uint8Array(words.buffer);
  const guest = await assemble("guest", code);
  const firmware = await assemble("firmware", code);
  if (guest !== undefined) image.set(guest, code);
  words.set([cr4, cr3, cr0], (code + REGISTERS_AT) / 4);
  const path = (name: string) => fileURLToPath(new URL(`${FOLDER}/${name}.bin`, ROOT));
  await writeWhole(path("image"), image);
  const task = {
    image: path("image"),
    firmware: path("firmware"),
    bytes,
    linear,
    code,
    orderAt: frame * 4096 + ORDER_AT,
    cr0: cr0 >>> 0,
    cr3,
    cr4: cr4 >>> 0,
  };
  return { task, assembled: firmware !== undefined };
}

/** Assembles one of the two; undefined if there is no nasm. */
async function assemble(name: string, code: number): Promise<Uint8Array | undefined> {
  const output = `${FOLDER}/${name}.bin`;
  try {
    const { code: exit, err } = await run("nasm", [
      "-f",
      "bin",
      `-DCODE=${code}`,
      "-o",
      output,
      `${SOURCES}/${name}.asm`,
    ]);
    if (exit !== 0) throw new Error(`nasm does not assemble ${name}.asm: ${err.trim()}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return await Deno.readFile(new URL(output, ROOT));
}
