/** The verb `access`: what it answers, what it marks, what it refuses to be asked. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  access,
  type AccessKind,
  CPUS,
  explain,
  Machine,
  PhysicalMemory,
  type RefusedAccess,
} from "../../../core/mmu/mod.ts";
import {
  entryLo,
  LARGE,
  machineIn,
  MODE_IDS,
  outcome,
  PAGE,
  PAGING,
  PAGING_WP,
  setEntry,
  TABLE,
  tableAbove,
} from "./machines.ts";

const KINDS = ["read", "write", "fetch"] as const;
const NXE = 0x800;
const SMEP = 0x0010_0000;

Deno.test("a successful access tells frame and physical address of the byte, in every mode", () => {
  for (const id of MODE_IDS) {
    const machine = machineIn(id);
    setEntry(machine, tableAbove(id), 5, 0x12_3000 | PAGE);
    assertEquals(access(machine, 0x5abc), { ok: true, frame: 0x123, physical: 0x12_3abc }, id);
  }
});

Deno.test("a refused access tells the whole fault: vector, error code, CR2, reason, and the entry that is to blame", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level", 2), 0, (tableAbove("4-level", 1) << 12) | 0x25);
  setEntry(machine, tableAbove("4-level"), 5, 0x12_3000 | 0x25);
  assertEquals(access(machine, 0x5abc, "write", { user: true }), {
    ok: false,
    fault: {
      vector: 14,
      errorCode: 7,
      cr2: { hi: 0, lo: 0x5abc },
      reason: "write-protected",
      entry: "PDPTE",
    },
  });
});

Deno.test("what is not said is a supervisor read", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 5, 0x12_3000 | 0x61);
  assert(access(machine, 0x5000).ok);
  assert(access(machine, 0x5000, "read", {}).ok);
  assert(!access(machine, 0x5000, "read", { user: true }).ok);
});

Deno.test("an access of another kind is a misuse, from user mode too, and changes nothing", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 5, 0x12_3000 | 0x07);
  for (const kind of ["execute", "", "READ"]) {
    for (const user of [false, true]) {
      assertThrows(
        () => access(machine, 0x5000, kind as AccessKind, { user }),
        TypeError,
        `Expected kind to be one of read, write, fetch but found ${JSON.stringify(kind)}`,
      );
    }
  }
  assertEquals(entryLo(machine, tableAbove("4-level"), 5), 0x12_3000 | 0x07);
});

Deno.test("an address that is none is a misuse", () => {
  const machine = machineIn("4-level");
  for (const address of ["c010g", -1, 0.5, 2 ** 53, NaN, -1n, 2n ** 64n, { hi: 0, lo: 2 ** 32 }, { hi: 0.5, lo: 0 }]) {
    assertThrows(() => access(machine, address), RangeError, "Expected");
  }
  for (const address of JSON.parse(`[null, true, [], {}, {"lo": 1}]`)) {
    assertThrows(() => access(machine, address), TypeError, "Expected");
  }
});

Deno.test("an address is the same as a number, a bigint, text and two words", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 5, 0x12_3000 | 0x61);
  for (const address of [0x5abc, 0x5abcn, "0x5abc", "5abc", { hi: 0, lo: 0x5abc }]) {
    assertEquals(access(machine, address), { ok: true, frame: 0x123, physical: 0x12_3abc });
  }
  const top = access(machine, 0xffff_ffff_8100_0000n);
  assertEquals(!top.ok && top.fault.vector === 14 && top.fault.cr2, { hi: 0xffff_ffff, lo: 0x8100_0000 });
});

Deno.test("an option that there is not, or of another kind, is a misuse", () => {
  const machine = machineIn("4-level");
  for (const options of JSON.parse(`[{"usr": true}, {"user": 1}, null, [], "user"]`)) {
    assertThrows(() => access(machine, 0, "read", options), TypeError, "Expected");
  }
});

Deno.test("a machine, a run and a loaded state are targets, anything else is a misuse", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 5, 0x12_3000 | 0x61);
  assertEquals(access({ machine }, 0x5abc), access(machine, 0x5abc));
  for (const target of JSON.parse(`[null, 3, {}, {"machine": 3}, {"machine": {}}]`)) {
    assertThrows(() => access(target, 0), TypeError, "Expected a machine, a run or a loaded state");
  }
});

Deno.test("a success sets A in every entry on the way but a PDPTE of PAE, and D in the leaf of a write", () => {
  for (const id of MODE_IDS) {
    for (const kind of KINDS) {
      const machine = machineIn(id);
      const depth = id === "two-level" ? 1 : id === "pae" ? 1 : id === "4-level" ? 3 : 4;
      for (let up = depth; up > 0; up--) {
        setEntry(machine, tableAbove(id, up), 0, (tableAbove(id, up - 1) << 12) | 0x07);
      }
      setEntry(machine, tableAbove(id), 0, 0x5000 | 0x07);
      assertEquals(outcome(machine, 0, kind), "frame 5");
      const marks = Array.from({ length: depth + 1 }, (_, up) => entryLo(machine, tableAbove(id, up), 0) & 0x60);
      assertEquals(marks, [kind === "write" ? 0x60 : 0x20, ...Array(depth).fill(0x20)], `${id} ${kind}`);
    }
  }
});

Deno.test("a large page has its D bit in the entry that maps it", () => {
  const machine = machineIn("4-level");
  const pmd = tableAbove("4-level", 1);
  setEntry(machine, pmd, 1, 0x80_0000 | 0x87);
  outcome(machine, 0x20_0000, "write");
  assertEquals(entryLo(machine, pmd, 1), 0x80_0000 | 0xe7);
});

Deno.test("a fault sets no A and no D bit, at any level, for any reason", () => {
  const reasons: readonly (readonly [string, number, AccessKind, boolean])[] = [
    ["not present", 0x06, "read", false],
    ["reserved", 0x07 | 0x00, "read", false],
    ["read-only", 0x05, "write", false],
    ["supervisor", 0x03, "read", true],
  ];
  for (const [name, flags, kind, user] of reasons) {
    const machine = machineIn("4-level", { cpu: CPUS.broadwell });
    for (let up = 3; up > 0; up--) {
      setEntry(machine, tableAbove("4-level", up), 0, (tableAbove("4-level", up - 1) << 12) | 0x07);
    }
    setEntry(machine, tableAbove("4-level"), 0, 0x5000 | flags, name === "reserved" ? 1 << 19 : 0);
    assert(outcome(machine, 0, kind, user).startsWith("#PF"), name);
    const marks = [0, 1, 2, 3].map((up) => entryLo(machine, tableAbove("4-level", up), 0) & 0x60);
    assertEquals(marks, [0, 0, 0, 0], name);
  }
});

Deno.test("an access leaves A bits alone that are set, and stores nothing but A and D", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | 0xe1f, 0x07f0_0000);
  outcome(machine, 0, "write");
  assertEquals(entryLo(machine, tableAbove("4-level"), 0), 0x5000 | 0xe7f);
  assertEquals(machine.memory.read(tableAbove("4-level"), 1), 0x07f0_0000);
});

Deno.test("an entry that maps its own table gets A and D like any other page", () => {
  for (const id of ["two-level", "4-level", "5-level"] as const) {
    const machine = machineIn(id);
    const root = 0x10;
    const last = machine.mode?.entryWords === 1 ? 0x3ff : 0x1ff;
    setEntry(machine, root, last, (root << 12) | 0x03);
    const address = id === "two-level" ? 0xffff_f000 : "ffff_ffff_ffff_f000";
    assertEquals(outcome(machine, address, "write"), "frame 10");
    assertEquals(entryLo(machine, root, last), (root << 12) | 0x63, id);
  }
});

Deno.test("a self-map in the last slot of the root shows the page tables as pages", () => {
  const machine = machineIn("two-level");
  setEntry(machine, 0x10, 0x3ff, 0x1_0000 | TABLE);
  assertEquals([outcome(machine, 0xffc0_0000), outcome(machine, 0xffff_f000)], ["frame 11", "frame 10"]);
});

Deno.test("a table beyond the end of memory reads all ones: reserved bits with 8 bytes an entry, a page with 4", () => {
  for (const id of MODE_IDS) {
    const machine = machineIn(id, { cpu: { ...CPUS.today, physicalBits: 46 }, memoryBytes: 0x20_000 });
    setEntry(machine, tableAbove(id, 1), 0, 0x10_0000 | TABLE);
    assertEquals(outcome(machine, 0), id === "two-level" ? "frame fffff" : "#PF 9", id);
  }
});

Deno.test("a table beyond the end of memory reads all ones also where a chunk of memory reaches further", () => {
  const machine = machineIn("two-level", { memoryBytes: 0x20_000 });
  setEntry(machine, tableAbove("two-level", 1), 0, 0x2_1000 | TABLE);
  assertEquals(outcome(machine, 0), "frame fffff");
});

Deno.test("a page beyond the end of memory can be mapped and accessed", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE, 0xf_ffff);
  assertEquals(outcome(machine, 0xfff, "write"), "frame fffff00005");
  assertEquals(access(machine, 0xfff), { ok: true, frame: 0xff_fff0_0005, physical: 0xf_ffff_0000_5fff });
});

Deno.test("the first and the last byte of the linear address space are reachable", () => {
  const machine = machineIn("4-level");
  for (let up = 3; up >= 0; up--) {
    setEntry(
      machine,
      tableAbove("4-level", up),
      511,
      up === 0 ? 0x5000 | PAGE : (tableAbove("4-level", up - 1) << 12) | TABLE,
    );
  }
  setEntry(machine, tableAbove("4-level"), 0, 0x6000 | PAGE);
  const last = access(machine, "ffff_ffff_ffff_ffff");
  assertEquals(last.ok && last.physical, 0x5fff);
  assertEquals(outcome(machine, 0), "frame 6");
});

Deno.test("PSE-36 reaches 64 GiB with 4-byte entries, and access says where", () => {
  const machine = machineIn("two-level", { cpu: CPUS.p6, cr4: 0x10 });
  setEntry(machine, 0x10, 1, 0x0100_0000 | (0xf << 13) | LARGE);
  const landed = access(machine, 0x40_0abc);
  assertEquals(landed.ok && landed.physical, 0xf_0100_0abc);
});

/** I/D flag of the error code of a fetch from an absent page. */
const FETCH_TOLD = [
  ["two-level", 0, 0, "#PF 0"],
  ["two-level", SMEP, 0, "#PF 10"],
  ["two-level", 0, NXE, "#PF 0"],
  ["pae", 0, 0, "#PF 0"],
  ["pae", 0, NXE, "#PF 10"],
  ["pae", SMEP, 0, "#PF 10"],
  ["4-level", 0, 0, "#PF 0"],
  ["4-level", 0, NXE, "#PF 10"],
  ["5-level", SMEP, 0, "#PF 10"],
] as const;

for (const [id, cr4, efer, told] of FETCH_TOLD) {
  const with_ = `${cr4 ? "SMEP" : "no SMEP"}, ${efer ? "NXE" : "no NXE"}`;
  Deno.test(`a fetch of an absent page in ${id} paging with ${with_} is ${told}`, () => {
    const machine = machineIn(id, { cr4, efer });
    assertEquals([outcome(machine, 0, "fetch"), outcome(machine, 0)], [told, "#PF 0"]);
  });
}

Deno.test("SMAP stops the supervisor's data accesses to user pages unless AC is set, and no fetch and no user access", () => {
  const machine = machineIn("4-level", { cr4: 0x0020_0000 });
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE);
  const all = (user: boolean) => KINDS.map((kind) => outcome(machine, 0, kind, user));
  assertEquals(all(false), ["#PF 1", "#PF 3", "frame 5"]);
  assertEquals(all(true), ["frame 5", "frame 5", "frame 5"]);
  machine.writeAc(true);
  assertEquals(all(false), ["frame 5", "frame 5", "frame 5"]);
});

Deno.test("with SMAP and AC a read-only user page still cannot be written by the supervisor, unless WP is clear", () => {
  const machine = machineIn("4-level", { cr4: 0x0020_0000 });
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | 0x65);
  machine.writeAc(true);
  assertEquals(outcome(machine, 0, "write"), "#PF 3");
  machine.writeCr0(PAGING);
  assertEquals(outcome(machine, 0, "write"), "frame 5");
});

Deno.test("access agrees with explain about every fault, and explain changes nothing", () => {
  const machine = machineIn("4-level", { efer: NXE, cr4: SMEP });
  const flags = [0x00, 0x01, 0x03, 0x05, 0x07];
  flags.forEach((low, i) => setEntry(machine, tableAbove("4-level"), i, 0x5000 | low, i % 2 ? 0x8000_0000 : 0));
  for (let page = 0; page < flags.length; page++) {
    for (const kind of KINDS) {
      for (const user of [false, true]) {
        const before = entryLo(machine, tableAbove("4-level"), page);
        const explained = explain(machine, page * 4096, kind, { user }).outcome;
        assertEquals(entryLo(machine, tableAbove("4-level"), page), before);
        const made = access(machine, page * 4096, kind, { user });
        assertEquals(made.ok, explained.ok);
        if (!made.ok) assertEquals(made.fault, (explained as RefusedAccess).fault);
        machine.tlb.flush(false);
      }
    }
  }
});

Deno.test("the numbered way in and the comfortable one answer alike", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | 0x65);
  KINDS.forEach((kind, number) => {
    for (const user of [false, true]) {
      const told = outcome(machine, 0, kind, user);
      const answer = machine.translate(0, 0, number + (user ? 3 : 0));
      assertEquals(answer < 0 ? `#PF ${(-1 - answer).toString(16)}` : `frame ${answer.toString(16)}`, told);
    }
  });
  assertEquals(machine.translate(0x8000, 0, 0), -1024);
});

Deno.test("with paging off nothing is refused, remembered or marked", () => {
  const machine = new Machine(CPUS.i486, new PhysicalMemory(2 ** 20));
  assertEquals(access(machine, 0xffff_ffff, "write", { user: true }), {
    ok: true,
    frame: 0xf_ffff,
    physical: 0xffff_ffff,
  });
  assertEquals([machine.tlb.fills, machine.memory.committedBytes], [0, 0]);
  machine.writeCr0(PAGING_WP);
  assertEquals(outcome(machine, 0), "#PF 0");
});
