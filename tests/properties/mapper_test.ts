import { assert, assertEquals } from "@std/assert";
import { countLeaves, tablesOf } from "../../core/tables/mod.ts";
import { FramePool, mapPage, protect, unmapPage } from "../../core/mapper/mod.ts";
import { type Cpu, CPUS, explain, Machine, PhysicalMemory } from "../../core/mmu/mod.ts";
import { Random } from "../../chapters/guests/random.ts";
import type { NaiveAnswer, NaiveMode, NaiveState } from "../reference/naive/state.ts";
import { naiveAccess } from "../reference/naive/walk.ts";
import { MapModel, type ModelPage } from "./mapper_model.ts";

const SEED = 20_260;
const STEPS = 220;
const MEMORY_BYTES = 2 ** 44;
const ROOT = 0x1000;
const [P, RW, US, PWT, PCD, A, D, G] = [0x1, 0x2, 0x4, 0x8, 0x10, 0x20, 0x40, 0x100];
const NX = 0x8000_0000 | 0;

/** A mode with registers and sizes; the tables are built with paging on already. */
interface Setting {
  readonly name: string;
  readonly mode: NaiveMode;
  readonly cpu: Cpu;
  readonly cr4: number;
  readonly efer: number;
  readonly sizes: readonly number[];
  /** Physical address bits that a leaf can hold. */
  readonly bits: (bytes: number) => number;
}

const [K4, M2, M4, G1] = [2 ** 12, 2 ** 21, 2 ** 22, 2 ** 30];
const SETTINGS: readonly Setting[] = [
  { name: "two-level", mode: "two-level", cpu: CPUS.i486, cr4: 0, efer: 0, sizes: [K4], bits: () => 32 },
  { name: "two-level, PSE", mode: "two-level", cpu: CPUS.pentium, cr4: 0x10, efer: 0, sizes: [K4, M4], bits: () => 32 },
  {
    name: "two-level, PSE-36",
    mode: "two-level",
    cpu: CPUS.p6,
    cr4: 0x90,
    efer: 0,
    sizes: [K4, M4],
    bits: (bytes) => bytes === M4 ? 36 : 32,
  },
  { name: "PAE without NX", mode: "pae", cpu: CPUS.p6, cr4: 0x20, efer: 0, sizes: [K4, M2], bits: () => 36 },
  { name: "PAE", mode: "pae", cpu: CPUS.k8, cr4: 0xa0, efer: 0x800, sizes: [K4, M2], bits: () => 40 },
  { name: "4-level", mode: "4-level", cpu: CPUS.k8, cr4: 0xa0, efer: 0x900, sizes: [K4, M2], bits: () => 40 },
  {
    name: "4-level, 1G",
    mode: "4-level",
    cpu: CPUS.broadwell,
    cr4: 0x20,
    efer: 0x900,
    sizes: [K4, M2, G1],
    bits: () => 40,
  },
  { name: "5-level", mode: "5-level", cpu: CPUS.today, cr4: 0x10a0, efer: 0x900, sizes: [K4, M2, G1], bits: () => 52 },
];

function machineIn({ cpu, cr4, efer }: Setting): Machine {
  const machine = new Machine(cpu, new PhysicalMemory(MEMORY_BYTES));
  const faults = [
    machine.writeCr4(cr4),
    machine.writeEfer(efer),
    machine.writeCr3(ROOT * 4096),
    machine.writeCr0(0x8001_0011),
  ];
  assertEquals(faults.filter((fault) => fault !== undefined), []);
  return machine;
}

/** The machine as the naive walker sees it: the same memory, registers read anew each time, PDPTEs from memory. */
function naiveState({ mode, cpu }: Setting, machine: Machine): NaiveState {
  const { memory } = machine;
  const read = (physical: bigint, bytes: 4 | 8): bigint => {
    const [frame, word] = [Number(physical >> 12n), Number((physical & 0xfffn) >> 2n)];
    const lo = BigInt(memory.read(frame, word) >>> 0);
    return bytes === 4 ? lo : (BigInt(memory.read(frame, word + 1) >>> 0) << 32n) | lo;
  };
  const { pse36, pat, nx, gigabytePages } = cpu;
  return {
    mode,
    cr0: BigInt(machine.cr0 >>> 0),
    cr3: BigInt(machine.cr3),
    cr4: BigInt(machine.cr4),
    efer: BigInt(machine.efer),
    pkru: 0n,
    ac: false,
    maxPhyAddr: cpu.physicalBits,
    has: { pse36, pat, nx, gbPages: gigabytePages },
    memory: read,
  };
}

/** Addresses from few regions, so that pages meet: the last bits of an address are those of its size. */
function randomAddress(random: Random, { mode }: Setting, bytes: number): bigint {
  const near = BigInt(random.pick([0, 1, 2, 511]) * K4 + random.below(3) * M2 + random.below(2) * M4);
  const region = BigInt(random.pick([0, 1, 3])) << 30n;
  const top = mode === "4-level" ? random.pick([0n, 0xffff_8000_0000_0000n, 0xffff_ff80_0000_0000n]) : 0n;
  const high = mode === "5-level" ? random.pick([0n, 0x1234n << 39n, 0xff12_3456_0000_0000n]) : 0n;
  const address = top + high + region + near;
  return address - address % BigInt(bytes);
}

function randomPage(random: Random, { sizes, bits, efer, cpu }: Setting): ModelPage {
  const bytes = random.pick(sizes);
  const width = bits(bytes) - Math.log2(bytes);
  const frame = Math.floor(random.word() / 2 ** 32 * 2 ** width) * (bytes / K4);
  let flags = P;
  for (const flag of [RW, US, PWT, PCD, G]) if (random.chance(0.5)) flags |= flag;
  if ((efer & 0x800) !== 0 && random.chance(0.5)) flags |= NX;
  if (cpu.pat && random.chance(0.3)) flags |= bytes === K4 ? 0x80 : 0x1000;
  return { frame, flags, bytes };
}

/** What the model says of an access; `undefined` is a page fault. */
function expectedPhysical(model: MapModel, linear: bigint, kind: string, user: boolean): bigint | undefined {
  const found = model.at(linear);
  if (found === undefined) return undefined;
  const { first, page: { frame, flags } } = found;
  const denied = (user && (flags & US) === 0) || (kind === "write" && (flags & RW) === 0) ||
    (kind === "fetch" && (flags & NX) !== 0);
  return denied ? undefined : BigInt(frame) * 4096n + (linear - first);
}

function physicalOf(answer: NaiveAnswer): bigint | undefined {
  return answer.outcome === "done" ? answer.physical : undefined;
}

/** Addresses in and beside every page and every place where a page may be. */
function probes(model: MapModel, tried: ReadonlySet<bigint>): Set<bigint> {
  const found = new Set<bigint>();
  for (const first of tried) for (const offset of [0n, 0x123n, 0xfffn]) found.add(first + offset);
  for (const [first, { bytes }] of model.pages) {
    for (const offset of [0n, BigInt(bytes) - 1n, BigInt(bytes / 2)]) found.add(first + offset);
  }
  return found;
}

const KINDS = ["read", "write", "fetch"] as const;

/** Holds the tables to the model: the naive walker, `explain` and the machine at every page, and the number of leaves. */
function compare(setting: Setting, machine: Machine, model: MapModel, tried: ReadonlySet<bigint>, where: string): void {
  const state = naiveState(setting, machine);
  assertEquals(countLeaves(tablesOf(machine)), model.pages.size, `leaves, ${where}`);
  for (const linear of probes(model, tried)) {
    const address = { hi: Number(linear >> 32n), lo: Number(linear & 0xffff_ffffn) };
    for (const kind of KINDS) {
      for (const user of [false, true]) {
        const which = `${user ? "user " : ""}${kind} of ${linear.toString(16)}, ${where}`;
        const expected = expectedPhysical(model, linear, kind, user);
        assertEquals(physicalOf(naiveAccess(state, { linear, kind, user })), expected, `naive walker, ${which}`);
        const { outcome } = explain(machine, address, kind, { user });
        assertEquals(outcome.ok ? BigInt(outcome.physical) : undefined, expected, `explain, ${which}`);
        const frame = machine.translate(address.hi | 0, address.lo | 0, KINDS.indexOf(kind) + (user ? 3 : 0));
        assertEquals(frame >= 0 ? BigInt(frame) : undefined, expected && expected >> 12n, `machine, ${which}`);
      }
    }
  }
}

/** How often each answer came, over all settings. */
const answers = new Map<string, number>();

function count(answer: string): void {
  answers.set(answer, (answers.get(answer) ?? 0) + 1);
}

/** One attempt: what it says is what the model says, and a due flush is done. */
function step(random: Random, setting: Setting, machine: Machine, model: MapModel, pool: FramePool): bigint {
  const odds = random.below(10);
  const page = randomPage(random, setting);
  const known = [...model.pages.keys()];
  const address = odds < 6 || known.length === 0 ? randomAddress(random, setting, page.bytes) : random.pick(known);
  const bytes = odds < 6 ? page.bytes : model.pages.get(address)?.bytes ?? page.bytes;
  const linear = { hi: Number(address >> 32n), lo: Number(address & 0xffff_ffffn) };
  const { frame, flags } = page;
  const obstacle = model.obstacle(address, bytes);
  if (odds < 6) {
    const tables = model.missing(address, page);
    const free = pool.free;
    const done = mapPage(machine, linear, { frame, flags, pageBytes: bytes }, pool);
    const expected = obstacle ?? (tables > free ? "out-of-frames" : tables);
    assertEquals(done.ok ? done.tables.length : done.kind, expected);
    assertEquals(pool.free, done.ok ? free - tables : free);
    count(done.ok ? "mapped" : done.kind);
    if (done.ok) {
      model.pages.set(address, page);
      assertEquals(done.due.flush(), undefined);
    }
  } else if (odds < 8) {
    const size = random.chance(0.8)
      ? bytes
      : random.pick(setting.sizes.filter((size) => address % BigInt(size) === 0n));
    const done = unmapPage(machine, linear, { pageBytes: size, allocator: pool });
    const blocked = model.obstacle(address, size);
    const expected = blocked === undefined ? "not-mapped" : blocked === "already-mapped" ? undefined : blocked;
    assertEquals(done.ok ? undefined : done.kind, expected);
    count(done.ok ? "unmapped" : done.kind);
    if (done.ok) {
      const mapped = model.pages.get(address);
      assertEquals({ ...done.page, flags: done.page.flags & ~(A | D) }, {
        frame: mapped?.frame,
        flags: mapped?.flags,
        pageBytes: mapped?.bytes,
      });
      model.pages.delete(address);
      assertEquals(done.due.flush(), undefined);
    }
  } else {
    const before = model.pages.get(address);
    const large = bytes > K4 ? flags & ~0x80 : flags & ~0x1000;
    const done = protect(machine, linear, large, { pageBytes: bytes });
    assertEquals(done.ok, before !== undefined);
    if (done.ok && before !== undefined) {
      assertEquals(done.before & ~(A | D), before.flags);
      model.pages.set(address, { ...before, flags: large });
      done.due.flush();
    }
  }
  return address;
}

for (const setting of SETTINGS) {
  Deno.test(`${setting.name}, ${STEPS} random steps from seed ${SEED}: the tables say what was mapped, to every walker, and give it back`, () => {
    const random = new Random(SEED);
    const machine = machineIn(setting);
    const model = new MapModel(setting.mode);
    const pool = new FramePool(ROOT + 1, ROOT + 1 + 24);
    const free = pool.free;
    const tried = new Set<bigint>();
    for (let i = 0; i < STEPS; i++) {
      tried.add(step(random, setting, machine, model, pool));
      if (i % 20 === 19) compare(setting, machine, model, tried, `step ${i}`);
    }
    assert(model.pages.size > 5, `Expected pages to be left but found ${model.pages.size}`);
    for (const [address, { bytes, frame }] of model.pages) {
      const linear = { hi: Number(address >> 32n), lo: Number(address & 0xffff_ffffn) };
      const done = unmapPage(machine, linear, { pageBytes: bytes, allocator: pool });
      assertEquals(done.ok && done.page.frame, frame);
      if (done.ok) done.due.flush();
      model.pages.delete(address);
    }
    compare(setting, machine, model, tried, "the end");
    assertEquals(pool.free, free);
  });
}

Deno.test("the random steps meet every answer that depends on what is mapped", () => {
  const met = [
    "mapped",
    "unmapped",
    "already-mapped",
    "not-mapped",
    "parent-is-large",
    "table-present",
    "out-of-frames",
  ];
  for (const answer of met) assert((answers.get(answer) ?? 0) > 5, `${answer}: ${answers.get(answer)}`);
});
