/**
 * The same loads on the same tables, here and in emulators of a CPU. All must load the same.
 *
 * @module
 */

import { lowWord } from "../../core/mmu/entry.ts";
import { explain, type Machine, P, READ } from "../../core/mmu/mod.ts";
import { machineOf, SMALL_PAE } from "./jobs/layout.ts";
import type { Sample } from "./jobs/job.ts";
import { measurePeer, order, ownSide, type Peer, type Peers, PYTHONS, startPeer } from "./peer.ts";
import { type GuestTask, type LoadOrder, writeGuest } from "./peer_guest.ts";
import { Different, type Workload } from "./rounds.ts";

/** Loads of a list: one a page, from page 0 on. */
interface Loads extends LoadOrder {
  readonly name: string;
  readonly aim?: number;
}

const OFFSET = 16;
const LOADS: readonly Loads[] = [
  { name: "load, TLB miss", pages: SMALL_PAE.pages, passes: 32, offset: OFFSET, aim: 4 },
  { name: "load, TLB hit", pages: 64, passes: 16_384, offset: OFFSET },
];

/** What an emulator answers to its task. */
interface Hello {
  readonly version: string;
}

/** A program that emulates a CPU. */
interface EmulatorProgram {
  readonly name: string;
  /** What runs its program. */
  readonly by: "python" | "deno";
  /** The program, in tools/bench/peers, and what it needs to know. */
  readonly program: readonly string[];
  /** What to say where it is missing. */
  readonly install: string;
  /** Whether it begins where a CPU does, so needs the guest and its firmware; else it begins with the loop. */
  readonly whole: boolean;
  /** Times as many passes as the list says, and rounds, where it takes long to start. */
  readonly slow?: { readonly passes: number; readonly rounds: number };
}

const DENO_RUN = ["run", "--no-prompt", "--no-config", "--allow-read", "--allow-env"];
const EMULATORS: readonly EmulatorProgram[] = [
  {
    name: "Unicorn",
    by: "python",
    program: ["unicorn_peer.py"],
    install: "python3 -m venv out/bench/venv && out/bench/venv/bin/pip install unicorn==2.1.4",
    whole: false,
  },
  {
    name: "v86",
    by: "deno",
    program: ["v86_peer.ts", "out/bench/node_modules/v86"],
    install: "apt-get install nasm; npm install --prefix out/bench v86@0.5.462",
    whole: true,
  },
  {
    name: "Bochs",
    by: "python",
    program: ["bochs_peer.py"],
    install: "apt-get install nasm bochs bochs-term bochsbios vgabios",
    whole: true,
    slow: { passes: 2, rounds: 3 },
  },
];
/** Where the guest's loop is: in an executable frame, behind what is loaded. */
const CODE = 0x20_0800;

/** Frames that the pages show, in turn: so few that their words stay in the cache of the real CPU, since waiting for memory is no translation. */
const FRAMES = { first: 0x500, count: 8 } as const;

/**
 * A machine whose pages, but for that of the loop, all map a few frames. Each of these has a number of its own. No page is NX: v86 and a CPU
 * without EFER.NXE know no NX. The first GiB is what the last one is, so that a guest goes on when it turns paging on.
 */
function subject(): Machine {
  const machine = machineOf(SMALL_PAE);
  const { memory, cr3 } = machine;
  for (let i = 0; i < FRAMES.count; i++) memory.write(FRAMES.first + i, OFFSET / 4, Math.imul(i + 1, 0x9e37_79b1));
  for (let page = 0; page < SMALL_PAE.pages; page++) {
    const leaf = explain(machine, SMALL_PAE.lo + page * 4096).steps.at(-1);
    if (leaf === undefined) continue;
    const frame = page === CODE >>> 12 ? page : FRAMES.first + page % FRAMES.count;
    memory.writePair(leaf.table, leaf.index * 2, 0, lowWord(frame, leaf.lo & 0xfff));
  }
  memory.writePair(cr3 / 4096, 0, 0, memory.read(cr3 / 4096, 6) | P);
  return machine;
}

/** A pass of the loads of a list here. */
function load(machine: Machine, { pages, offset }: LoadOrder): number {
  const { memory } = machine;
  let sum = 0;
  let address = (SMALL_PAE.lo + offset) | 0;
  for (let page = 0; page < pages; page++, address = (address + 4096) | 0) {
    sum = (sum + memory.read(machine.translate(0, address, READ), (address & 0xfff) >>> 2)) | 0;
  }
  return sum;
}

/** Starts the program of an emulator. */
function startEmulator(
  { by, program: [file, ...words] }: EmulatorProgram,
  task: GuestTask,
): ReturnType<typeof startPeer<Hello>> {
  const args = [`tools/bench/peers/${file}`, ...words];
  return by === "deno" ? startPeer([Deno.execPath()], [...DENO_RUN, ...args], task) : startPeer(PYTHONS, args, task);
}

/** The lines of one emulator, or what to install. */
async function emulatorPeers(
  emulator: EmulatorProgram,
  machine: Machine,
  { task, assembled }: { readonly task: GuestTask; readonly assembled: boolean },
): Promise<Peers> {
  const { name, install, whole, slow } = emulator;
  const started = whole && !assembled ? undefined : await startEmulator(emulator, task);
  if (started === undefined) return `${name} is not there; install it with: ${install}`;
  const { asked, answer: { version } } = started;
  const lines: Peer[] = [];
  try {
    for (const { name: what, aim, ...loads } of LOADS) {
      const passes = loads.passes * (slow?.passes ?? 1);
      const work = { passes, operations: loads.pages };
      const ours: Workload = { ...work, side: ownSide(() => load(machine, loads)) };
      const theirs: Workload = {
        ...work,
        side: { measure: (passes) => order<Sample>(asked, { ...loads, passes } satisfies LoadOrder) },
      };
      const line = { name: what, peer: `${name} ${version}`, ...aim === undefined ? {} : { aim } };
      lines.push(await measurePeer(line, ours, theirs, slow?.rounds));
    }
  } catch (error) {
    if (error instanceof Different) throw new Different(`${name}: ${error.message}`);
    throw error;
  } finally {
    await asked.close();
  }
  return lines;
}

/**
 * Measures loads beside all emulators.
 *
 * @returns The lines of each, or why there are none, and what to install.
 * @throws {Different} If one loads something else.
 */
export async function loadPeers(): Promise<Peers[]> {
  const machine = subject();
  const guest = await writeGuest(machine, {
    bytes: SMALL_PAE.pages * 4096,
    linear: SMALL_PAE.lo,
    frame: FRAMES.first,
    code: CODE,
  });
  const measured: Peers[] = [];
  for (const emulator of EMULATORS) measured.push(await emulatorPeers(emulator, machine, guest));
  return measured;
}
