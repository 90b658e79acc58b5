import { assert, assertEquals, fail } from "@std/assert";
import { type AccessKind, explain, GENERAL_PROTECTION, type Machine } from "../../core/mmu/mod.ts";
import { Walker } from "../../core/mmu/walk.ts";
import type { LiveMode } from "../../tools/reference/live/paging/modes.ts";
import { Random } from "../../chapters/guests/random.ts";
import type { NaiveAccess, NaiveAnswer } from "../reference/naive/state.ts";
import { naiveAccess } from "../reference/naive/walk.ts";
import { inThisRun } from "./share.ts";
import { changeRights, type RandomMachine, randomMachine, type Shadow } from "./random_machine.ts";

const SEED = 31_422;
const MACHINES_A_MODE = inThisRun(60);
const ACCESSES_A_MACHINE = 300;
const ADDRESSES_A_MACHINE = 60;
const RUN = `${MACHINES_A_MODE} machines from seed ${SEED}`;
const KINDS: readonly AccessKind[] = ["read", "write", "fetch"];

/** What happened, in words that compare. */
interface Told {
  readonly physical?: bigint;
  readonly pageBytes?: bigint;
  readonly code?: bigint;
  readonly cr2?: bigint;
  readonly protection?: true;
}

/** As `assertEquals`, which takes its time where, as nearly always, the two are the same. */
function assertTold(found: Told, expected: Told, where: () => string): void {
  const same = found.physical === expected.physical && found.pageBytes === expected.pageBytes &&
    found.code === expected.code && found.cr2 === expected.cr2 && found.protection === expected.protection;
  if (!same) assertEquals(found, expected, where());
}

function naiveTold(answer: NaiveAnswer): Told {
  switch (answer.outcome) {
    case "done":
      return { physical: answer.physical, pageBytes: answer.pageBytes };
    case "#PF":
      return { code: answer.code, cr2: answer.cr2 };
    case "#GP":
      return { protection: true };
  }
}

function split(linear: bigint): { hi: number; lo: number } {
  return { hi: Number(linear >> 32n), lo: Number(linear & 0xffff_ffffn) };
}

function joined(hi = 0, lo = 0): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

function explainTold(machine: Machine, { linear, kind, user }: NaiveAccess): Told {
  const { outcome } = explain(machine, split(linear), kind, { user });
  if (outcome.ok) return { physical: BigInt(outcome.physical), pageBytes: BigInt(outcome.pageBytes) };
  const { fault } = outcome;
  if (fault.vector === 13) return { protection: true };
  return { code: BigInt(fault.errorCode), cr2: joined(fault.cr2.hi, fault.cr2.lo) };
}

/** The way of every emulated access: TLB, fast walker, and the explaining one where that declines. */
function translateTold(machine: Machine, { linear, kind, user }: NaiveAccess): Told {
  const { hi, lo } = split(linear);
  const frame = machine.translate(hi | 0, lo | 0, KINDS.indexOf(kind) + (user ? 3 : 0));
  if (frame >= 0) return { physical: (BigInt(frame) << 12n) | (linear & 0xfffn) };
  if (frame === GENERAL_PROTECTION) return { protection: true };
  return { code: BigInt(-1 - frame), cr2: joined(...machine.cr2) };
}

function randomLinear(random: Random, mode: LiveMode): bigint {
  const low = joined(random.below(0x10000), random.word());
  if (mode === "two-level" || mode === "pae") return low & 0xffff_ffffn;
  if (mode === "4-level") return random.chance(0.05) ? low << 8n : BigInt.asUintN(64, BigInt.asIntN(48, low));
  return BigInt.asUintN(64, random.chance(0.05) ? low << 16n : BigInt.asIntN(57, low << 9n | low & 0xffffn));
}

/** Runs the accesses of one machine; `check` sees each before it is made, with the naive answer. */
function eachAccess(
  random: Random,
  subject: RandomMachine,
  check: (access: NaiveAccess, answer: NaiveAnswer, where: () => string) => void,
): void {
  const { machine, shadow } = subject;
  const addresses = Array.from({ length: ADDRESSES_A_MACHINE }, () => randomLinear(random, shadow.mode));
  for (let i = 0; i < ACCESSES_A_MACHINE; i++) {
    if (i % 30 === 0) changeRights(random, subject);
    if (random.chance(0.3)) machine.tlb.flush(false);
    const access = { linear: random.pick(addresses), kind: random.pick(KINDS), user: random.chance(0.5) };
    const answer = naiveAccess(shadow, access);
    check(
      access,
      answer,
      () => `access ${i}: ${access.user ? "user " : ""}${access.kind} of ${access.linear.toString(16)}`,
    );
    if (answer.outcome !== "done") continue;
    for (const { address, value } of answer.updates) shadow.tables.writeLow(address, value);
  }
}

/** Whether the naive walker refuses the PDPTEs at CR3. */
function refusesPdptes(shadow: Shadow): boolean {
  const answer = naiveAccess(shadow, { linear: 0n, kind: "read", user: false });
  return answer.outcome === "#GP" && answer.phase === "load";
}

/** Runs random machines of a mode; those whose PDPTEs are refused are refused by the naive walker too. */
function eachMachine(mode: LiveMode, run: (random: Random, subject: RandomMachine, where: string) => void): void {
  for (let number = 0; number < MACHINES_A_MODE; number++) {
    const seed = SEED + number;
    const random = new Random(~seed);
    const subject = randomMachine(seed, mode);
    const where = `${mode} machine of seed ${seed}`;
    assertEquals(subject.refused, refusesPdptes(subject.shadow), where);
    if (subject.refused) continue;
    if (mode === "pae") subject.shadow.pdptes = registersOf(subject);
    run(random, subject, where);
  }
}

/** The PDPTE registers keep what the load found, whatever memory becomes. */
function registersOf({ shadow }: RandomMachine): bigint[] {
  const table = shadow.cr3 & ~0x1fn;
  return [0n, 8n, 16n, 24n].map((offset) => shadow.memory(table + offset, 8));
}

function assertSameTables({ memory }: Machine, { tables }: Shadow, where: string): void {
  for (const [pfn, frame] of tables.frames) {
    const words = frame.map((_, i) => joined(memory.read(pfn, 2 * i + 1), memory.read(pfn, 2 * i)));
    if (words.every((word, i) => word === frame[i])) continue;
    assertEquals(words, frame, `frame ${pfn.toString(16)} of the ${where}`);
  }
}

for (const mode of ["two-level", "pae", "4-level", "5-level"] as const) {
  Deno.test(`${mode}, ${RUN}: the explaining walker and the machine answer as the naive walker does, entries included`, () => {
    let [done, faults] = [0, 0];
    eachMachine(mode, (random, subject, where) => {
      const { machine, shadow } = subject;
      eachAccess(random, subject, (access, answer, which) => {
        const expected = naiveTold(answer);
        assertTold(explainTold(machine, access), expected, () => `explain, ${which()}, ${where}`);
        const { pageBytes: _, ...landing } = expected;
        assertTold(translateTold(machine, access), landing, () => `machine, ${which()}, ${where}`);
        if (answer.outcome === "done") done++;
        else faults++;
      });
      assertSameTables(machine, shadow, where);
    });
    assert(
      done > inThisRun(500) && faults > inThisRun(500),
      `Expected both successes and faults but found ${done} and ${faults}`,
    );
  });

  Deno.test(`${mode}, ${RUN}: the fast walker answers what needs no flag set, and answers rightly`, () => {
    let answers = 0;
    eachMachine(mode, (random, subject, where) => {
      const { machine } = subject;
      const walker = fastWalker(machine);
      eachAccess(random, subject, (access, answer, which) => {
        if (answer.outcome === "done") {
          const answered = walk(walker, machine, access.linear);
          const expected = answer.updates.length === 0 && allInMemory(machine, access.linear);
          if (expected && !answered) fail(`Expected the fast walker to answer ${which()}, ${where}`);
          if (answered) {
            assertTold(fastTold(walker, access.linear), naiveTold(answer), () => `${which()}, ${where}`);
          }
          if (answered) answers++;
        }
        translateTold(machine, access);
      });
    });
    assert(answers > inThisRun(500), `Expected many answers but found ${answers}`);
  });
}

Deno.test(`pae, ${RUN}: MOV to CR3 is refused for the PDPTEs that the naive walker refuses`, () => {
  let [loaded, refused] = [0, 0];
  eachMachine("pae", (_, { machine, shadow: { pdptes: _loaded, ...shadow } }, where) => {
    const frame = machine.cr3 - machine.cr3 % 4096;
    for (let cr3 = frame; cr3 < frame + 4096; cr3 += 32) {
      shadow.cr3 = BigInt(cr3);
      const refusal = machine.writeCr3(cr3);
      assertEquals(refusal !== undefined, refusesPdptes(shadow), `CR3 ${cr3.toString(16)}, ${where}`);
      if (refusal) refused++;
      else loaded++;
    }
  });
  assert(
    loaded > inThisRun(500) && refused > inThisRun(200),
    `Expected loads and refusals but found ${loaded} and ${refused}`,
  );
});

function fastWalker(machine: Machine): Walker {
  const { mode, cpu, cr4, efer } = machine;
  assert(mode);
  return new Walker({ mode, cpu, cr4, efer });
}

function walk(walker: Walker, { mode, memory, cr3, pdptes }: Machine, linear: bigint): boolean {
  const { hi, lo } = split(linear);
  if (!mode?.rootInRegisters) return walker.walk(memory, Math.floor(cr3 / 2 ** 32), cr3 | 0, hi, lo);
  const [pdpteLo = 0, pdpteHi = 0] = pdptes.subarray((lo >>> 30) * 2);
  return (pdpteLo & 1) !== 0 && walker.walk(memory, pdpteHi, pdpteLo, hi, lo);
}

function fastTold(walker: Walker, linear: bigint): Told {
  const pageBytes = 1n << BigInt(walker.level.shift);
  return { physical: (BigInt(walker.frame()) << 12n) | (linear & (pageBytes - 1n)), pageBytes };
}

/** The fast walker leaves tables beyond the end of memory, which read as ones, to the other. */
function allInMemory(machine: Machine, linear: bigint): boolean {
  return explain(machine, split(linear)).steps.every(({ table }) => table < machine.memory.frames);
}
