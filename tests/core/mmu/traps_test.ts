/** Mistakes that other page-table walkers make: each is a test here, and fails with the mistaken logic. */
import { assertEquals } from "@std/assert";
import {
  access,
  type AccessKind,
  CPUS,
  explain,
  type Machine,
  patIndex,
  type Right,
  RIGHT_NX,
  RIGHT_RW,
  RIGHT_US,
} from "../../../core/mmu/mod.ts";
import { entryLo, LARGE, machineIn, outcome, PAGE, ROOT, setEntry, TABLE, tableAbove } from "./machines.ts";

const NXE = 0x800;
const NX_HI = 0x8000_0000;

/** A machine in 4-level paging with page 0 in frame 5, and at `up` other flags in the entry that leads there. */
function withFlags(up: number, flags: number, hi = 0): Machine {
  const machine = machineIn("4-level", { efer: NXE });
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE);
  const frame = up === 0 ? 5 : tableAbove("4-level", up - 1);
  setEntry(machine, tableAbove("4-level", up), 0, (frame << 12) | flags, hi);
  return machine;
}

Deno.test("trap: NX at one level is enough, whichever level it is (not NX at all of them)", () => {
  for (let up = 0; up < 4; up++) {
    assertEquals(outcome(withFlags(up, TABLE, NX_HI), 0, "fetch"), "#PF 11", `level ${up}`);
    assertEquals(outcome(withFlags(up, TABLE, NX_HI), 0), "frame 5", `level ${up}`);
  }
});

Deno.test("trap: an error code has all its bits, not P and W alone", () => {
  const machine = machineIn("4-level", {
    efer: NXE,
    cr4: 0x0040_0000,
    cpu: { ...CPUS.today, physicalBits: 46 },
  });
  const table = tableAbove("4-level");
  setEntry(machine, table, 1, 0x5000 | PAGE, 1 << 19);
  setEntry(machine, table, 2, 0x5000 | PAGE, 1 << 27);
  setEntry(machine, table, 3, 0x5000 | PAGE, NX_HI);
  machine.writePkru(0b0100);
  assertEquals(outcome(machine, 0x1000, "write", true), "#PF f");
  assertEquals(outcome(machine, 0x2000, "write", true), "#PF 27");
  assertEquals(outcome(machine, 0x3000, "fetch", true), "#PF 15");
  assertEquals(outcome(machine, 0x4000, "fetch", true), "#PF 14");
});

Deno.test("trap: PS does not wait for CR4.PSE under PAE and in long mode; in two-level paging it does", () => {
  for (const id of ["pae", "4-level", "5-level"] as const) {
    const machine = machineIn(id);
    assertEquals(machine.cr4 & 0x10, 0);
    setEntry(machine, tableAbove(id, 1), 1, 0x80_0000 | LARGE);
    assertEquals(outcome(machine, 0x21_2345), "frame 812", id);
  }
  const machine = machineIn("two-level");
  setEntry(machine, ROOT, 1, (tableAbove("two-level") << 12) | LARGE);
  setEntry(machine, tableAbove("two-level"), 0x12, 0x5000 | PAGE);
  assertEquals(outcome(machine, 0x41_2345), "frame 5");
});

Deno.test("trap: the PDPTEs of PAE take no right away, and are not read from memory at each walk", () => {
  const machine = machineIn("pae");
  setEntry(machine, tableAbove("pae"), 0, 0x5000 | PAGE);
  assertEquals(machine.memory.read(ROOT, 0) & 0x06, 0); // neither RW nor US, which would be reserved
  for (const kind of ["read", "write", "fetch"] as const) assertEquals(outcome(machine, 0, kind, true), "frame 5");
  machine.memory.write(ROOT, 0, 0);
  machine.tlb.flush(false);
  assertEquals(outcome(machine, 0), "frame 5");
  machine.memory.write(ROOT, 0, (ROOT << 12) | 1); // other tables, in which everything may be accessed
  setEntry(machine, ROOT, 1, (ROOT << 12) | TABLE);
  machine.tlb.flush(false);
  assertEquals(outcome(machine, 0), "frame 5");
});

Deno.test("trap: a PAE walk has three levels, the four PDPTEs among them", () => {
  const machine = machineIn("pae");
  setEntry(machine, tableAbove("pae"), 0, 0x5000 | PAGE);
  const { steps } = explain(machine, 0);
  assertEquals(steps.map(({ level, table }) => [level.entry, table]), [
    ["PDPTE", -1],
    ["PDE", ROOT + 1],
    ["PTE", ROOT + 2],
  ]);
});

/** A right, the flag that carries it, and an access that needs it. */
const RIGHTS: readonly (readonly [Right, number, AccessKind, boolean, string])[] = [
  ["write", 0x02, "write", false, "#PF 3"],
  ["user", 0x04, "read", true, "#PF 5"],
];

for (const [right, flag, kind, user, refused] of RIGHTS) {
  Deno.test(`trap: the right to ${right} needs every level, not the leaf alone, and explain names the level that revoked it`, () => {
    for (let up = 0; up < 4; up++) {
      const machine = withFlags(up, TABLE & ~flag);
      assertEquals(outcome(machine, 0, kind, user), refused);
      const { steps } = explain(machine, 0, kind, { user });
      const takers = steps.filter(({ revoked }) => revoked.includes(right));
      assertEquals(takers.map(({ level }) => level.entry), [["PTE"], ["PDE"], ["PDPTE"], ["PML4E"]][up]);
      const result = access(machine, 0, kind, { user });
      assertEquals(!result.ok && result.fault.vector === 14 && result.fault.entry, takers[0]?.level.entry);
    }
  });
}

Deno.test("trap: the effective rights are those of the whole way, also when the leaf has all of them", () => {
  const rights = (machine: Machine) => {
    const { outcome } = explain(machine, 0);
    return outcome.ok && outcome.rights & (RIGHT_RW | RIGHT_US | RIGHT_NX);
  };
  assertEquals(rights(withFlags(3, TABLE)), RIGHT_RW | RIGHT_US);
  assertEquals(rights(withFlags(3, TABLE & ~0x06, NX_HI)), RIGHT_NX);
  assertEquals(rights(withFlags(2, TABLE & ~0x02)), RIGHT_US);
});

Deno.test("trap: PAT, A, D and G of a 4K leaf are bits 7, 5, 6 and 8", () => {
  const machine = machineIn("4-level", { cr4: 0x80 });
  const table = tableAbove("4-level");
  setEntry(machine, table, 1, 0x5000 | 0x1000 | 0x07);
  assertEquals(patIndex(explain(machine, 0x1000).steps[3]!.level, entryLo(machine, table, 1), machine.cpu), 0);
  outcome(machine, 0x1000);
  assertEquals(entryLo(machine, table, 1), 0x5000 | 0x1000 | 0x27);
  outcome(machine, 0x1000, "write");
  assertEquals(entryLo(machine, table, 1), 0x5000 | 0x1000 | 0x67);
  setEntry(machine, table, 2, 0x5000 | 0x187);
  outcome(machine, 0x2000);
  assertEquals(machine.tlb.entries().map(({ patIndex, global }) => [patIndex, global]), [[0, false], [4, true]]);
});

Deno.test("trap: a read-only page table is writable after all where a linear page table maps it with RW", () => {
  const machine = machineIn("two-level");
  const table = tableAbove("two-level");
  setEntry(machine, table, 0x12, (table << 12) | 0x65); // the table, mapped read-only as a page
  assertEquals(outcome(machine, 0x1_2000, "write"), "#PF 3");
  setEntry(machine, ROOT, 0x3ff, (ROOT << 12) | TABLE); // the root, as a table of itself
  assertEquals(outcome(machine, 0xffc0_0000, "write"), `frame ${table.toString(16)}`);
  setEntry(machine, ROOT, 0x3ff, (ROOT << 12) | (TABLE & ~0x02));
  machine.invlpg(0xffc0_0000);
  assertEquals(outcome(machine, 0xffc0_0000, "write"), "#PF 3");
});
