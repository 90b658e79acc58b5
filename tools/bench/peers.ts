/**
 * What people would use instead: the same loads on the same tables, in this library and in another emulator. Both must load the same.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { type Machine, READ } from "../../core/mmu/mod.ts";
import { start } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { writeWhole } from "../command/whole_file.ts";
import { machineOf, SMALL_PAE } from "./jobs/layout.ts";
import { Different, short } from "./rounds.ts";

/** A comparison with another emulator. */
export interface Peer {
  /** What is done. */
  readonly name: string;
  /** The other, with its version. */
  readonly peer: string;
  /** Nanoseconds of processor time of a load here. */
  readonly here: number;
  /** Nanoseconds of processor time of a load there. */
  readonly there: number;
  /** How many times as long the other takes; below 1 it is the faster. */
  readonly times: number;
}

/** Loads of a list: one a page, from page 0 on. */
interface Loads {
  readonly name: string;
  readonly pages: number;
  readonly passes: number;
  readonly offset: number;
}

const OFFSET = 16;
const LOADS: readonly Loads[] = [
  { name: "load, TLB miss", pages: SMALL_PAE.pages, passes: 16, offset: OFFSET },
  { name: "load, TLB hit", pages: 64, passes: 4_096, offset: OFFSET },
];
const ROUNDS = 5;
/** Where the guest's loop is: in an executable frame, behind what is loaded. */
const CODE = 0x20_0800;
const IMAGE = "out/bench/guest.bin";
const PROGRAM = "tools/bench/peers/unicorn_peer.py";
/** What to say where the other is missing. */
const INSTALL = "install it with: python3 -m venv out/bench/venv && out/bench/venv/bin/pip install unicorn==2.1.4";
const PYTHONS = ["out/bench/venv/bin/python3", "python3"];

/** A machine with a number of its own in every page. */
function subject(): Machine {
  const machine = machineOf(SMALL_PAE);
  const { memory } = machine;
  for (let frame = 0; frame < SMALL_PAE.pages; frame++) {
    const word = OFFSET / 4;
    if (memory.read(frame, word) === 0) memory.write(frame, word, Math.imul(frame + 1, 0x9e37_79b1));
  }
  return machine;
}

/** Memory as a file: the frames of the direct map, which hold the tables too. */
async function writeImage({ memory }: Machine): Promise<void> {
  const words = new Int32Array(SMALL_PAE.pages * 1024);
  for (let frame = 0; frame < SMALL_PAE.pages; frame++) {
    const place = memory.placeOf(frame);
    if (place !== 0) words.set(memory.words.subarray(place, place + 1024), frame * 1024);
  }
  await Deno.mkdir(new URL("out/bench", ROOT), { recursive: true });
  await writeWhole(fileURLToPath(new URL(IMAGE, ROOT)), new Uint8Array(words.buffer));
}

/** The loads of a list here: the shortest of some rounds. */
function ours(machine: Machine, { pages, passes, offset }: Loads): { nanoseconds: number; sum: number } {
  const { memory } = machine;
  let nanoseconds = Infinity;
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const begun = cpuUsage();
    sum = 0;
    for (let pass = 0; pass < passes; pass++) {
      let address = (SMALL_PAE.lo + offset) | 0;
      for (let page = 0; page < pages; page++, address = (address + 4096) | 0) {
        sum = (sum + memory.read(machine.translate(0, address, READ), (address & 0xfff) >>> 2)) | 0;
      }
    }
    const { user, system } = cpuUsage(begun);
    nanoseconds = Math.min(nanoseconds, (user + system) * 1_000 / (passes * pages));
  }
  return { nanoseconds, sum: sum >>> 0 };
}

/** What the other emulator answers; or that it is not there. */
async function theirs({ cr0, cr3, cr4, efer }: Machine): Promise<Answer | undefined> {
  const request = JSON.stringify({
    image: fileURLToPath(new URL(IMAGE, ROOT)),
    bytes: SMALL_PAE.pages * 4096,
    linear: SMALL_PAE.lo,
    code: CODE,
    cr0: cr0 >>> 0,
    cr3,
    cr4: cr4 >>> 0,
    efer,
    loads: LOADS,
  });
  for (const python of PYTHONS) {
    const answer = await ask(python, request);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

interface Answer {
  readonly version: string;
  readonly answers: readonly { readonly nanoseconds: number; readonly sum: number }[];
}

async function ask(python: string, request: string): Promise<Answer | undefined> {
  try {
    const child = start(python, [PROGRAM], { stdin: "piped", stdout: "piped", stderr: "piped" });
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(request)).then(() => writer.close()).catch(() => {});
    const [{ code }, out] = await Promise.all([
      child.status,
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return code === 0 ? JSON.parse(out) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Measures beside Unicorn.
 *
 * @returns The lines of the report; or why there are none, and what to install.
 * @throws {Different} If both do not load the same.
 */
export async function measurePeers(): Promise<readonly Peer[] | string> {
  const machine = subject();
  await writeImage(machine);
  const other = await theirs(machine);
  if (other === undefined) return `Unicorn is not there; ${INSTALL}`;
  return LOADS.map((loads, at) => {
    const here = ours(machine, loads);
    const there = other.answers[at] ?? { nanoseconds: NaN, sum: NaN };
    if (here.sum !== there.sum) {
      throw new Different(`${loads.name}: the sum of all loads is ${here.sum} here and ${there.sum} in Unicorn`);
    }
    return {
      name: loads.name,
      peer: `Unicorn ${other.version}`,
      here: short(here.nanoseconds),
      there: short(there.nanoseconds),
      times: short(there.nanoseconds / here.nanoseconds),
    };
  });
}
