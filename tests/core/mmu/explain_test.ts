/** The explaining walker: each step as data, which level revoked which right, and why an access is refused. */
import { assertEquals, assertThrows } from "@std/assert";
import {
  type AccessKind,
  CPUS,
  explain,
  Machine,
  type PageFaultReason,
  PhysicalMemory,
} from "../../../core/mmu/mod.ts";
import { LARGE, machineIn, MODE_IDS, PAGE, setEntry, TABLE, tableAbove } from "./machines.ts";

const NXE = 0x800;
const NX_HI = 0x8000_0000;
const [SMEP, SMAP, PKE] = [0x0010_0000, 0x0020_0000, 0x0040_0000];

Deno.test("each step names level, table, index and words of the entry that was read", () => {
  const machine = machineIn("4-level", { efer: NXE });
  setEntry(machine, tableAbove("4-level"), 0x145, 0x5000 | PAGE, NX_HI);
  const { steps, outcome } = explain(machine, 0x14_5678);
  assertEquals(
    steps.map(({ level, table, index, lo, hi, leaf }) => [level.entry, table, index, lo, hi >>> 0, leaf]),
    [
      ["PML4E", 0x10, 0, 0x1_1027, 0, false],
      ["PDPTE", 0x11, 0, 0x1_2027, 0, false],
      ["PDE", 0x12, 0, 0x1_3027, 0, false],
      ["PTE", 0x13, 0x145, 0x5067, NX_HI, true],
    ],
  );
  assertEquals(outcome.ok && [outcome.frame, outcome.physical, outcome.pageBytes], [5, 0x5678, 4096]);
});

Deno.test("a walk has as many steps as levels, fewer for a large page, and ends at an absent entry", () => {
  for (const id of MODE_IDS) {
    const machine = machineIn(id, { cr4: 0x10 });
    const levels = machine.mode?.levels.length ?? 0;
    assertEquals(explain(machine, 0).steps.length, levels, id);
    setEntry(machine, tableAbove(id, 1), 0, LARGE);
    assertEquals(explain(machine, 0).steps.length, levels - 1, id);
    setEntry(machine, tableAbove(id, 1), 0, 0);
    assertEquals(explain(machine, 0).steps.length, levels - 1, id);
  }
});

Deno.test("each right is taken once, by the first level that lacks it", () => {
  const machine = machineIn("4-level", { efer: NXE });
  setEntry(machine, tableAbove("4-level", 3), 0, (tableAbove("4-level", 2) << 12) | 0x25);
  setEntry(machine, tableAbove("4-level", 1), 0, (tableAbove("4-level") << 12) | 0x21, NX_HI);
  setEntry(machine, tableAbove("4-level"), 0, 0x5021, NX_HI);
  assertEquals(explain(machine, 0).steps.map(({ revoked }) => revoked), [["write"], [], ["user", "execute"], []]);
});

Deno.test("the reserved bits that are set are named, and only they", () => {
  const machine = machineIn("pae", { cpu: CPUS.p6 });
  setEntry(machine, tableAbove("pae", 1), 0, LARGE | 0x6000, 0x10);
  const { steps } = explain(machine, 0);
  assertEquals(steps.map(({ reserved }) => reserved), [{ lo: 0, hi: 0 }, { lo: 0x6000, hi: 0x10 }]);
});

interface Case {
  readonly reason: PageFaultReason;
  readonly entry: string;
  readonly code: number;
  readonly prepare: (machine: Machine) => void;
  readonly kind?: AccessKind;
  readonly user?: boolean;
}

/** Sets page 0's PTE. */
const pte = (flags: number, hi = 0) => (machine: Machine) =>
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | flags, hi);

const CASES: readonly Case[] = [
  { reason: "not-present", entry: "PTE", code: 0, prepare: () => {} },
  {
    reason: "not-present",
    entry: "PDE",
    code: 2,
    prepare: (machine) => setEntry(machine, tableAbove("4-level", 1), 0, 0),
    kind: "write",
  },
  { reason: "reserved-bit", entry: "PTE", code: 9, prepare: pte(PAGE, 1 << 19) },
  { reason: "supervisor-only", entry: "PTE", code: 5, prepare: pte(0x63), user: true },
  { reason: "supervisor-only", entry: "PTE", code: 0x15, prepare: pte(0x63, NX_HI), user: true, kind: "fetch" },
  { reason: "write-protected", entry: "PTE", code: 3, prepare: pte(0x61), kind: "write" },
  { reason: "no-execute", entry: "PTE", code: 0x11, prepare: pte(PAGE, NX_HI), kind: "fetch" },
  { reason: "smep", entry: "PTE", code: 0x11, prepare: pte(PAGE), kind: "fetch" },
  { reason: "smap", entry: "PTE", code: 1, prepare: pte(PAGE) },
  { reason: "smap", entry: "PTE", code: 3, prepare: pte(0x65), kind: "write" },
  { reason: "protection-key", entry: "PTE", code: 0x25, prepare: pte(PAGE, 2 << 27), user: true },
  { reason: "write-protected", entry: "PTE", code: 0x27, prepare: pte(0x65, 2 << 27), user: true, kind: "write" },
];

for (const { reason, entry, code, prepare, kind = "read", user = false } of CASES) {
  Deno.test(`a ${user ? "user" : "supervisor"} ${kind} refused for ${reason} (${code.toString(16)}) says so and blames the ${entry}`, () => {
    const cpu = { ...CPUS.today, physicalBits: 46 };
    const machine = machineIn("4-level", { cpu, efer: NXE, cr4: SMEP | SMAP | PKE });
    machine.writePkru(0b01 << 4); // key 2: no access
    prepare(machine);
    const { outcome } = explain(machine, 0, kind, { user });
    assertEquals(!outcome.ok && outcome.fault, {
      vector: 14,
      errorCode: code,
      cr2: { hi: 0, lo: 0 },
      reason,
      entry,
    });
  });
}

Deno.test("with paging off there are no steps, and the address is physical", () => {
  const machine = new Machine(CPUS.i486, new PhysicalMemory(2 ** 20));
  const { mode, steps, outcome } = explain(machine, 0xc010_0abc, "write", { user: true });
  assertEquals([mode, steps], [undefined, []]);
  assertEquals(outcome.ok && [outcome.frame, outcome.physical], [0xc_0100, 0xc010_0abc]);
});

Deno.test("what is asked comes back with the answer", () => {
  const machine = machineIn("two-level");
  const { linear, access, mode } = explain(machine, "c0100abc");
  assertEquals([linear, access, mode?.id], [{ hi: 0, lo: 0xc010_0abc }, { kind: "read", user: false }, "two-level"]);
  assertThrows(() => explain(machine, "nonsense"), RangeError, "Expected a hexadecimal address");
});

Deno.test("whether a translation is global is the leaf's word alone", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE | 0x100);
  const isGlobal = () => {
    const { outcome } = explain(machine, 0);
    return outcome.ok && outcome.global;
  };
  assertEquals(isGlobal(), true);
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE);
  setEntry(machine, tableAbove("4-level", 1), 0, (tableAbove("4-level") << 12) | TABLE | 0x100);
  assertEquals(isGlobal(), false);
});
