/**
 * Files from strangers: mutated states, mutated recorded accesses. Whatever is in them, there is one clear error or a correct answer,
 * never a hang, another exception, or memory without bound. "Correct" is what the naive walker says.
 */
import { assert, assertEquals } from "@std/assert";
import { sha256 } from "../../core/dump/load.ts";
import { loadState, parseStateHeader, type SavedState, saveState, type State } from "../../core/dump/mod.ts";
import { audit, explain, type Machine, PhysicalMemory } from "../../mod.ts";
import { AnswerFile } from "../../chapters/recorded/accesses/answers.ts";
import { type AccessCase, CaseFile } from "../../chapters/recorded/accesses/cases.ts";
import { play } from "../../chapters/recorded/accesses/play.ts";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { machineIn, MODE_IDS, PAGE, ROOT, setEntry, TABLE, tableAbove } from "../core/mmu/machines.ts";
import { Random } from "../../chapters/guests/random.ts";
import { machineTold, naivePlayed, naiveTold, playedTold } from "./hostile_answers.ts";
import { inThisRun } from "./share.ts";
import { type Json, spoilBytes, spoilField, spoilText } from "./mutations.ts";

const SEED = 20_070_428;
const STATES = inThisRun(10_000);
const CASE_FILES = inThisRun(10_000);
const CASES_A_FILE = 3;
const MIB = 2 ** 20;

/** A small machine in each mode: some pages, a large one, and the root once more as a table of itself. */
function smallMachines(): Machine[] {
  return MODE_IDS.map((id) => {
    const machine = machineIn(id, { cr4: 0x90, efer: id === "two-level" ? 0 : 0x800, memoryBytes: 2 ** 22 });
    const table = tableAbove(id);
    for (let i = 0; i < 8; i++) setEntry(machine, table, i, (i << 12) | PAGE);
    setEntry(machine, tableAbove(id, 1), 5, 0xe7);
    if (id !== "pae") setEntry(machine, ROOT, 300, (ROOT << 12) | TABLE);
    return machine;
  });
}

/** Runs something that may refuse: then what it says is one line that begins with "Expected". */
async function refusal(what: () => Promise<void> | void): Promise<string | undefined> {
  try {
    await what();
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    assert(
      /^Expected [^\n]{1,400}$/.test(error.message),
      `Expected one line but found ${JSON.stringify(error.message)}`,
    );
    return error.message;
  }
}

interface SpoiledState {
  readonly header: string;
  readonly frameData: Uint8Array;
}

/** Spoils header, frames, or both; mostly so that the checksum still fits. */
async function spoilState(random: Random, { header, frameData }: SavedState): Promise<SpoiledState> {
  const frames = random.chance(0.6) ? spoilBytes(random, spoilEntries(random, frameData)) : frameData;
  let fields: Json = JSON.parse(header);
  if (random.chance(0.2)) fields = { ...fields, registers: spoilRegister(random, fields["registers"] as Json) };
  if (frames !== frameData && random.chance(0.95)) fields = { ...fields, frameDataSha256: await sha256(frames) };
  if (random.chance(0.5)) fields = spoilField(random, fields);
  const text = JSON.stringify(fields);
  return { header: random.chance(0.1) ? spoilText(random, text) : text, frameData: frames };
}

/** Flips one bit of one register. */
function spoilRegister(random: Random, registers: Json): Json {
  const name = random.pick(["cr0", "cr3", "cr4", "efer"]);
  const flipped = BigInt(String(registers[name])) ^ (1n << BigInt(random.below(32)));
  return { ...registers, [name]: `0x${flipped.toString(16)}` };
}

/** Stores random entries in the tables: absent ones, pages, and pointers to the tables themselves. */
function spoilEntries(random: Random, frameData: Uint8Array): Uint8Array {
  const bytes = frameData.slice();
  const view = new DataView(bytes.buffer);
  for (let times = random.below(12); times > 0; times--) {
    const at = random.below(bytes.length / 8) * 8;
    const frame = random.chance(0.8) ? ROOT + random.below(5) : random.word() >>> 12;
    view.setUint32(at, (frame << 12) | random.pick([TABLE, PAGE, 0xe7, 0x25, 0x01, random.below(4096)]), true);
    view.setUint32(at + 4, random.chance(0.2) ? random.word() : 0, true);
  }
  return bytes;
}

/** Loads a state; if only the number of leaves is wrong, once more with the right one. */
async function load({ header, frameData }: SpoiledState): Promise<State | string> {
  let state: State | undefined;
  const attempt = async (text: string) => {
    state = await loadState(parseStateHeader(text), frameData);
  };
  const refused = await refusal(() => attempt(header));
  const leaves = refused?.match(/as leafCount has it, but found (\d+)$/)?.[1];
  if (leaves === undefined) return state ?? refused ?? "";
  const counted = JSON.stringify({ ...JSON.parse(header), leafCount: Number(leaves) });
  return await refusal(() => attempt(counted)) ?? state ?? "";
}

function randomLinear(random: Random, linearBits: number): { hi: number; lo: number } {
  const lo = random.chance(0.7) ? random.below(2 ** 24) : random.word();
  if (linearBits === 32) return { hi: 0, lo };
  return { hi: random.chance(0.5) ? 0 : random.chance(0.5) ? random.word() : 0xffff_0000 | random.below(2 ** 16), lo };
}

/** Asks the machine of a state; every answer must be the naive walker's, unless the walk leads to a table that was not saved. */
function assertAnswers(random: Random, { machine, header }: State): void {
  const saved = new Set(header.frames);
  for (let i = 0; i < 4; i++) {
    const linear = randomLinear(random, machine.mode?.linearBits ?? 32);
    const access = { kind: random.pick(["read", "write", "fetch"] as const), user: random.chance(0.5) };
    const { steps } = explain(machine, linear, access.kind, { user: access.user });
    if (steps.some(({ table }) => table >= 0 && !saved.has(table))) continue; // nobody knows what it holds
    const naive = naiveTold(machine, linear, access);
    if (machine.mode?.rootInRegisters && naive === "#GP") return; // a PDPTE that a CPU does not load; the guest ran with it
    assertEquals(machineTold(machine, linear, access), naive);
  }
}

Deno.test(`${STATES} mutated states, seed ${SEED}: one line of refusal, or the tables that they hold`, async () => {
  const random = new Random(SEED);
  const saved: SavedState[] = [];
  for (const machine of smallMachines()) saved.push(await saveState(machine, { name: "base", description: "" }));
  const refusals = new Map<string, number>();
  let loaded = 0;
  for (let i = 0; i < STATES; i++) {
    const spoiled = await spoilState(random, random.pick(saved));
    const state = await load(spoiled);
    if (typeof state === "string") {
      const kind = state.replace(/(but found|after|CR3|with the SHA).*/, "").replace(/0x[0-9a-f]+|\d+/g, "N");
      refusals.set(kind, (refusals.get(kind) ?? 0) + 1);
      continue;
    }
    loaded++;
    const { machine, header } = state;
    assert(machine.memory.committedBytes <= header.frames.length * MIB);
    await refusal(() => void audit(machine));
    assertAnswers(random, state);
    assert(machine.memory.committedBytes <= header.frames.length * MIB);
  }
  assert(loaded > STATES / 10, `Expected that many states can be read but found ${loaded}`);
  assert(refusals.size > 25, `Expected refusals for many reasons but found ${refusals.size}`);
});

Deno.test("tables that are nothing but loops, 512 ways a level, are refused or read", async () => {
  for (const [i, machine] of smallMachines().slice(0, 3).entries()) {
    const { header, frameData } = await saveState(machine, { name: "base", description: "" });
    const view = new DataView(frameData.buffer);
    const entryBytes = machine.mode?.entryWords === 1 ? 4 : 8;
    const first = MODE_IDS[i] === "pae" ? 4096 : 0; // the PDPTEs stay as they are
    for (let at = first; at < frameData.length; at += entryBytes) {
      const frame = ROOT + first / 4096 + (at / entryBytes) % (frameData.length / 4096 - first / 4096);
      view.setUint32(at, (frame << 12) | TABLE, true);
      if (entryBytes === 8) view.setUint32(at + 4, 0, true);
    }
    const fields = { ...JSON.parse(header), frameDataSha256: await sha256(frameData) };
    const state = await load({ header: JSON.stringify(fields), frameData });
    if (typeof state === "string") continue;
    await refusal(() => void audit(state));
  }
});

/** Some cases of a recorded file, as a file of their own. */
function cut(random: Random, recorded: Uint8Array, count: number): Uint8Array {
  const total = new DataView(recorded.buffer, recorded.byteOffset).getUint32(4, true);
  const bytes = new Uint8Array(64 + count * 128);
  bytes.set(recorded.subarray(0, 64));
  new DataView(bytes.buffer).setUint32(4, count, true);
  for (let i = 0; i < count; i++) {
    const from = 64 + 128 * random.below(total);
    bytes.set(recorded.subarray(from, from + 128), 64 + 128 * i);
  }
  return bytes;
}

function assertPlayed(asked: AccessCase, memory: PhysicalMemory): void {
  assertEquals(playedTold(play(asked, memory), asked.entries.length), naivePlayed(asked), JSON.stringify(asked));
}

Deno.test(`${CASE_FILES} mutated case files, seed ${SEED}: one line of refusal, or the answers of the naive walker`, async () => {
  const random = new Random(SEED);
  const recorded = await readBounded("tests/fixtures/mmu/random20k.cases.gz");
  let memory = new PhysicalMemory(2 ** 28);
  let played = 0;
  for (let i = 0; i < CASE_FILES; i++) {
    if (memory.committedBytes > 32 * MIB) memory = new PhysicalMemory(2 ** 28);
    const bytes = spoilBytes(random, cut(random, recorded, CASES_A_FILE));
    await refusal(() => {
      const cases = new CaseFile(bytes);
      played += cases.count;
      for (let number = 0; number < cases.count; number++) assertPlayed(cases.at(number), memory);
    });
    assert(memory.committedBytes <= 2 ** 28);
  }
  assert(played > CASE_FILES, `Expected that many cases can be read but found ${played}`);
});

Deno.test(`${CASE_FILES} mutated answer files, seed ${SEED}: one line of refusal, or answers in range`, async () => {
  const random = new Random(SEED);
  const recorded = await readBounded("tests/fixtures/mmu/named47.bochs27.gz");
  let read = 0;
  for (let i = 0; i < CASE_FILES; i++) {
    const bytes = spoilBytes(random, recorded);
    await refusal(() => {
      const answers = new AnswerFile(bytes, 47);
      for (let number = 0; number < answers.count; number++) {
        const { entries, outcome } = answers.at(number);
        assert(entries.length === 12 && ["ok", "page-fault", "general-protection"].includes(outcome));
      }
      read++;
    });
  }
  assert(read > CASE_FILES / 10, `Expected that many answers can be read but found ${read}`);
});
