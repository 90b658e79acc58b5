/** Reserved bits: which, at which level, in which mode, for which physical width (SDM vol. 3A, sections 4.3 to 4.5). */
import { assertEquals, assertThrows } from "@std/assert";
import { type Cpu, CPUS, explain, type Machine, MODES, reservedBits } from "../../../core/mmu/mod.ts";
import { LARGE, machineIn, type ModeId, outcome, PAGE, setEntry, TABLE, tableAbove } from "./machines.ts";

const PSE = 0x10;
const NXE = 0x800;

/** The numbers from `low` to `high`, both included. */
function bits(low: number, high: number): number[] {
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

/** Which bits, set alone in an entry on the way to linear address 0, make a read fault with RSVD; P, and PS where it is, stay. */
function reservedAt(machine: Machine, table: number, lo: number, width: number): number[] {
  return bits(1, width - 1).filter((bit) => {
    const [low, high] = bit < 32 ? [lo | (1 << bit), 0] : [lo, 1 << (bit - 32)];
    if (low === lo && high === 0) return false;
    setEntry(machine, table, 0, low, high);
    machine.tlb.flush(false);
    const reserved = outcome(machine, 0) === "#PF 9";
    setEntry(machine, table, 0, lo);
    return reserved;
  });
}

interface Row {
  readonly what: string;
  readonly id: ModeId;
  /** Tables above the last. */
  readonly up: number;
  readonly large?: true;
  readonly cpu: Cpu;
  readonly efer?: number;
  readonly cr4?: number;
  readonly reserved: readonly number[];
}

/** Points to a table in which nothing is present; with PS it is a page of any size. */
const EMPTY_TABLE = 0x4000_0000 | TABLE;
const WIDE_52 = CPUS.today;
const WIDE_46: Cpu = { ...CPUS.today, physicalBits: 46 };
const WIDE_40 = CPUS.k8;
const WIDE_36 = CPUS.p6;
const NO_GIGABYTE: Cpu = { ...CPUS.today, gigabytePages: false };

const ROWS: readonly Row[] = [
  { what: "a PTE", id: "two-level", up: 0, cpu: CPUS.p6, cr4: PSE, reserved: [] },
  { what: "a PTE on a CPU without PAT", id: "two-level", up: 0, cpu: CPUS.pentium, cr4: PSE, reserved: [7] },
  { what: "a PTE on a CPU without PAT, CR4.PSE clear", id: "two-level", up: 0, cpu: CPUS.pentium, reserved: [] },
  { what: "a PTE of a 486", id: "two-level", up: 0, cpu: CPUS.i486, reserved: [] },
  { what: "a PDE", id: "two-level", up: 1, cpu: CPUS.i486, reserved: [] },
  {
    what: "a 4M PDE without PSE-36 and PAT",
    id: "two-level",
    up: 1,
    large: true,
    cpu: CPUS.pentium,
    cr4: PSE,
    reserved: bits(12, 21),
  },
  { what: "a 4M PDE, width 36", id: "two-level", up: 1, large: true, cpu: WIDE_36, cr4: PSE, reserved: bits(17, 21) },
  { what: "a 4M PDE, width 40", id: "two-level", up: 1, large: true, cpu: WIDE_40, cr4: PSE, reserved: [21] },
  { what: "a 4M PDE, width 52", id: "two-level", up: 1, large: true, cpu: WIDE_52, cr4: PSE, reserved: [21] },
  { what: "a PTE, width 36", id: "pae", up: 0, cpu: WIDE_36, reserved: bits(36, 63) },
  { what: "a PTE, width 40, NXE", id: "pae", up: 0, cpu: WIDE_40, efer: NXE, reserved: bits(40, 62) },
  { what: "a PTE, width 52, NXE", id: "pae", up: 0, cpu: WIDE_52, efer: NXE, reserved: bits(52, 62) },
  { what: "a PDE, width 36", id: "pae", up: 1, cpu: WIDE_36, reserved: bits(36, 63) },
  {
    what: "a 2M PDE, width 36",
    id: "pae",
    up: 1,
    large: true,
    cpu: WIDE_36,
    reserved: [...bits(13, 20), ...bits(36, 63)],
  },
  { what: "a PTE, width 46", id: "4-level", up: 0, cpu: WIDE_46, reserved: [...bits(46, 51), 63] },
  { what: "a PTE, width 46, NXE", id: "4-level", up: 0, cpu: WIDE_46, efer: NXE, reserved: bits(46, 51) },
  { what: "a PTE, width 52, NXE", id: "4-level", up: 0, cpu: WIDE_52, efer: NXE, reserved: [] },
  { what: "a PDE, width 40", id: "4-level", up: 1, cpu: WIDE_40, reserved: [...bits(40, 51), 63] },
  {
    what: "a 2M PDE, width 52, NXE",
    id: "4-level",
    up: 1,
    large: true,
    cpu: WIDE_52,
    efer: NXE,
    reserved: bits(13, 20),
  },
  { what: "a PDPTE, width 46", id: "4-level", up: 2, cpu: WIDE_46, reserved: [...bits(46, 51), 63] },
  { what: "a PDPTE without 1G pages", id: "4-level", up: 2, cpu: NO_GIGABYTE, efer: NXE, reserved: [7] },
  { what: "a 1G PDPTE", id: "4-level", up: 2, large: true, cpu: WIDE_52, efer: NXE, reserved: bits(13, 29) },
  { what: "a PML4E", id: "4-level", up: 3, cpu: WIDE_52, reserved: [7, 63] },
  { what: "a PML4E, width 40, NXE", id: "4-level", up: 3, cpu: WIDE_40, efer: NXE, reserved: [7, ...bits(40, 51)] },
  { what: "a PTE, width 46", id: "5-level", up: 0, cpu: WIDE_46, reserved: [...bits(46, 51), 63] },
  { what: "a PML4E", id: "5-level", up: 3, cpu: WIDE_46, efer: NXE, reserved: [7, ...bits(46, 51)] },
  { what: "a PML5E", id: "5-level", up: 4, cpu: WIDE_46, efer: NXE, reserved: [7, ...bits(46, 51)] },
];

for (const { what, id, up, large, cpu, efer = 0, cr4 = 0, reserved } of ROWS) {
  const said = reserved.length === 0 ? "nothing" : `bits ${reserved.join(" ")}`;
  Deno.test(`in ${id} paging ${what} reserves ${said}`, () => {
    const machine = machineIn(id, { cpu, efer, cr4, memoryBytes: 2 ** 52 });
    const table = tableAbove(id, up);
    const lo = large ? LARGE : up === 0 ? PAGE : EMPTY_TABLE;
    setEntry(machine, table, 0, lo);
    const width = id === "two-level" ? 32 : 64;
    assertEquals(reservedAt(machine, table, lo, width), reserved);
  });
}

Deno.test("PS in an entry that can map no page is reserved also where all below is in order and accessed", () => {
  for (const [id, up] of [["4-level", 3], ["5-level", 3], ["5-level", 4]] as const) {
    const machine = machineIn(id);
    setEntry(machine, tableAbove(id), 0, 0x5000 | PAGE);
    setEntry(machine, tableAbove(id, up), 0, (tableAbove(id, up - 1) << 12) | TABLE | 0x80);
    assertEquals(outcome(machine, 0), "#PF 9", `${id} ${up}`);
  }
});

Deno.test("without 1G pages a PDPTE with PS maps nothing: it is no leaf, only wrong", () => {
  const machine = machineIn("4-level", { cpu: NO_GIGABYTE });
  setEntry(machine, tableAbove("4-level", 2), 0, 0x4000_0000 | LARGE);
  assertEquals(outcome(machine, 0), "#PF 9");
  assertEquals(explain(machine, 0).steps.map(({ leaf }) => leaf), [false, false]);
});

Deno.test("an absent entry reserves nothing: every bit of it is the kernel's", () => {
  for (const id of ["pae", "4-level", "5-level"] as const) {
    const machine = machineIn(id, { cpu: WIDE_46 });
    setEntry(machine, tableAbove(id), 0, -2, -1);
    assertEquals(outcome(machine, 0, "write", true), "#PF 6", id);
  }
});

Deno.test("a reserved bit counts before a right that is missing, and before an absent entry further down", () => {
  const machine = machineIn("4-level", { cpu: WIDE_46 });
  setEntry(machine, tableAbove("4-level", 1), 0, (tableAbove("4-level") << 12) | 0x21, 1 << 19);
  assertEquals(outcome(machine, 0, "write", true), "#PF f");
});

Deno.test("an absent entry counts before a reserved bit further down, and a reserved bit further up before both", () => {
  const machine = machineIn("4-level", { cpu: WIDE_46 });
  setEntry(machine, tableAbove("4-level"), 0, PAGE, 1 << 19);
  setEntry(machine, tableAbove("4-level", 1), 0, 0);
  assertEquals(outcome(machine, 0), "#PF 0");
  setEntry(machine, tableAbove("4-level", 3), 0, (tableAbove("4-level", 2) << 12) | TABLE | 0x80);
  assertEquals(outcome(machine, 0), "#PF 9");
});

Deno.test("reserved bits are asked of a CPU, and of no other thing", () => {
  const [, , pte = MODES.pae.levels[0]] = MODES.pae.levels;
  assertEquals(reservedBits(MODES.pae, pte!, true, CPUS.p6, false).hi >>> 0, 0xffff_fff0);
  assertThrows(() => reservedBits(MODES.pae, pte!, true, undefined as unknown as Cpu, false), TypeError, "to be a CPU");
});
