/**
 * The same loads on the same tables, here and in Unicorn, which compiles a guest as QEMU does. Both must load the same.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { lowWord } from "../../core/mmu/entry.ts";
import { explain, type Machine, READ } from "../../core/mmu/mod.ts";
import { ROOT } from "../command/root.ts";
import { writeWhole } from "../command/whole_file.ts";
import { machineOf, SMALL_PAE } from "./jobs/layout.ts";
import { Different } from "./rounds.ts";
import { askPython, peerOf, type Peers, shortest } from "./peer.ts";

/** Loads of a list: one a page, from page 0 on. */
interface Loads {
  readonly name: string;
  readonly pages: number;
  readonly passes: number;
  readonly offset: number;
  readonly aim?: number;
}

const OFFSET = 16;
const LOADS: readonly Loads[] = [
  { name: "load, TLB miss", pages: SMALL_PAE.pages, passes: 16, offset: OFFSET, aim: 4 },
  { name: "load, TLB hit", pages: 64, passes: 4_096, offset: OFFSET },
];
const ROUNDS = 5;
/** Where the guest's loop is: in an executable frame, behind what is loaded. */
const CODE = 0x20_0800;
const IMAGE = "out/bench/guest.bin";
const PROGRAM = "tools/bench/peers/unicorn_peer.py";
/** What to say where the other is missing. */
const INSTALL = "install it with: python3 -m venv out/bench/venv && out/bench/venv/bin/pip install unicorn==2.1.4";

/** Frames that the pages show, in turn: so few that their words stay in the cache of the real CPU, since waiting for memory is no translation. */
const FRAMES = { first: 0x500, count: 8 } as const;

/** A machine whose pages, but for that of the loop, all map a few frames. Each of these has a number of its own. */
function subject(): Machine {
  const machine = machineOf(SMALL_PAE);
  const { memory } = machine;
  for (let i = 0; i < FRAMES.count; i++) memory.write(FRAMES.first + i, OFFSET / 4, Math.imul(i + 1, 0x9e37_79b1));
  for (let page = 0; page < SMALL_PAE.pages; page++) {
    if (page === CODE >>> 12) continue;
    const leaf = explain(machine, SMALL_PAE.lo + page * 4096).steps.at(-1);
    if (leaf !== undefined) {
      const frame = FRAMES.first + page % FRAMES.count;
      memory.writePair(leaf.table, leaf.index * 2, leaf.hi, lowWord(frame, leaf.lo & 0xfff));
    }
  }
  return machine;
}

/** Memory as a file, tables and all. */
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
  const { nanoseconds, result } = shortest(ROUNDS, () => {
    let sum = 0;
    for (let pass = 0; pass < passes; pass++) {
      let address = (SMALL_PAE.lo + offset) | 0;
      for (let page = 0; page < pages; page++, address = (address + 4096) | 0) {
        sum = (sum + memory.read(machine.translate(0, address, READ), (address & 0xfff) >>> 2)) | 0;
      }
    }
    return sum >>> 0;
  });
  return { nanoseconds: nanoseconds / (passes * pages), sum: result };
}

interface Answer {
  readonly version: string;
  readonly answers: readonly { readonly nanoseconds: number; readonly sum: number }[];
}

/**
 * Measures loads beside Unicorn.
 *
 * @returns The lines of the report; or why there are none, and what to install.
 * @throws {Different} If both do not load the same.
 */
export async function loadPeers(): Promise<Peers> {
  const machine = subject();
  await writeImage(machine);
  const { cr0, cr3, cr4, efer } = machine;
  const other = await askPython<Answer>(PROGRAM, {
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
  if (other === undefined) return `Unicorn is not there; ${INSTALL}`;
  return LOADS.map((loads, at) => {
    const here = ours(machine, loads);
    const there = other.answers[at] ?? { nanoseconds: NaN, sum: NaN };
    if (here.sum !== there.sum) {
      throw new Different(`${loads.name}: the sum of all loads is ${here.sum} here and ${there.sum} in Unicorn`);
    }
    const { name, aim } = loads;
    const line = { name, peer: `Unicorn ${other.version}`, here: here.nanoseconds, there: there.nanoseconds };
    return peerOf(aim === undefined ? line : { ...line, aim });
  });
}
