/** The PDPTE registers of PAE: loaded and checked at the moments that the manual names, and at no other (SDM vol. 3A, section 4.4.1). */
import { assertEquals } from "@std/assert";
import { CPUS, type GeneralProtection, Machine, PhysicalMemory } from "../../../core/mmu/mod.ts";
import { machineIn, outcome, PAGE, PAGING, PAGING_WP, ROOT, setEntry, tableAbove } from "./machines.ts";

const PT = tableAbove("pae");
const CR0_CD = 0x4000_0000;
const CR0_NW = 0x2000_0000;
const [PSE, PAE, PGE, SMEP, SMAP] = [0x10, 0x20, 0x80, 0x0010_0000, 0x0020_0000];

/** A machine in PAE paging whose page 1 is frame 5. Nothing of it is in the TLB. */
function machineInPae(): Machine {
  const machine = machineIn("pae");
  setEntry(machine, PT, 1, 0x5000 | PAGE);
  return machine;
}

/** Something done to a machine, after a preparation of which nothing is asked. */
interface Moment {
  readonly name: string;
  readonly prepare?: (machine: Machine) => void;
  readonly move: (machine: Machine) => GeneralProtection | undefined | void;
}

/** What page 1 leads to once the PDPTE in memory is gone and this was done. */
function afterScrub({ prepare, move }: Moment): string {
  const machine = machineInPae();
  prepare?.(machine);
  setEntry(machine, ROOT, 0, 0);
  move(machine);
  machine.invlpg(0x1000);
  return outcome(machine, 0x1000);
}

const MOMENTS: readonly Moment[] = [
  { name: "MOV to CR3", move: (machine) => machine.writeCr3(machine.cr3) },
  {
    name: "MOV to CR0 that sets PG",
    prepare: (machine) => machine.writeCr0(PAGING & 0x7fff_ffff),
    move: (machine) => machine.writeCr0(PAGING_WP),
  },
  { name: "MOV to CR0 that sets CD", move: (machine) => machine.writeCr0(PAGING_WP | CR0_CD) },
  { name: "MOV to CR0 that sets NW", move: (machine) => machine.writeCr0(PAGING_WP | CR0_CD | CR0_NW) },
  { name: "MOV to CR4 that sets PSE", move: (machine) => machine.writeCr4(machine.cr4 | PSE) },
  { name: "MOV to CR4 that sets PGE", move: (machine) => machine.writeCr4(machine.cr4 | PGE) },
  { name: "MOV to CR4 that sets SMEP", move: (machine) => machine.writeCr4(machine.cr4 | SMEP) },
  {
    name: "MOV to CR4 that sets PAE",
    prepare: (machine) => machine.writeCr4(machine.cr4 & ~PAE),
    move: (machine) => machine.writeCr4(machine.cr4 | PAE),
  },
];

for (const moment of MOMENTS) {
  Deno.test(`${moment.name} loads the PDPTEs`, () => assertEquals(afterScrub(moment), "#PF 0"));

  Deno.test(`${moment.name} is #GP if a PDPTE has a reserved bit set, and changes nothing`, () => {
    const machine = machineInPae();
    moment.prepare?.(machine);
    machine.memory.write(ROOT, 2, 0x3); // PDPTE 1 with RW
    const before = registers(machine);
    assertEquals(moment.move(machine), {
      vector: 13,
      errorCode: 0,
      reason: "PDPTE 1 has a reserved bit set",
    });
    assertEquals(registers(machine), before);
  });
}

function registers({ cr0, cr3, cr4, efer, mode, pdptes, tlb }: Machine): unknown {
  return { cr0, cr3, cr4, efer, mode: mode?.id, pdptes: [...pdptes], entries: tlb.entries() };
}

const OTHERS: readonly Moment[] = [
  { name: "nothing", move: () => {} },
  { name: "a flush of the TLB", move: (machine) => machine.tlb.flush(false) },
  { name: "MOV to CR0 that clears WP", move: (machine) => machine.writeCr0(PAGING) },
  { name: "MOV to CR4 that sets SMAP", prepare: (m) => m.writeAc(true), move: (m) => m.writeCr4(m.cr4 | SMAP) },
  { name: "WRMSR to EFER", move: (machine) => machine.writeEfer(0x800) },
  { name: "an access", move: (machine) => void outcome(machine, 0x1000) },
];

for (const other of OTHERS) {
  Deno.test(`${other.name} does not load the PDPTEs: they are not memory`, () => {
    assertEquals(afterScrub(other), "frame 5");
  });
}

Deno.test("of a PDPTE bits 1, 2, 5 to 8 and all from the physical width up are reserved, for each width, if P is set", () => {
  for (const [cpu, width] of [[CPUS.p6, 36], [CPUS.k8, 40], [CPUS.today, 52]] as const) {
    const refused: number[] = [];
    for (let bit = 1; bit < 64; bit++) {
      const machine = new Machine(cpu, new PhysicalMemory(2 ** 24));
      machine.writeCr4(PAE);
      machine.writeCr3(0x1000);
      const [lo, hi] = bit < 32 ? [1 << bit, 0] : [0, 1 << (bit - 32)];
      machine.memory.write(1, 6, lo); // PDPTE 3, absent: anything goes
      machine.memory.write(1, 7, hi);
      assertEquals(machine.writeCr0(PAGING), undefined);
      machine.memory.write(1, 6, lo | 1);
      if (machine.writeCr3(0x1000)) refused.push(bit);
    }
    const above = Array.from({ length: 64 - width }, (_, i) => width + i);
    assertEquals(refused, [1, 2, 5, 6, 7, 8, ...above]);
  }
});

Deno.test("the four PDPTEs lie at any multiple of 32 bytes", () => {
  const machine = machineInPae();
  for (const offset of [0x20, 0x7e0, 0xfe0]) {
    machine.memory.write(0x30, offset / 4, ((ROOT + 1) << 12) | 1);
    assertEquals(machine.writeCr3(0x3_0000 + offset + 0x18), undefined); // PWT and PCD do not count
    assertEquals(outcome(machine, 0x1000), "frame 5");
    machine.memory.write(0x30, offset / 4, 0);
  }
});

Deno.test("a PDPTE has no A bit and no rights: it is as it was after every kind of access", () => {
  const machine = machineInPae();
  for (const kind of ["read", "write", "fetch"] as const) {
    for (const user of [false, true]) assertEquals(outcome(machine, 0x1000, kind, user), "frame 5");
  }
  assertEquals(machine.memory.read(ROOT, 0), ((ROOT + 1) << 12) | 1);
  assertEquals(machine.pdptes[0], ((ROOT + 1) << 12) | 1);
});

Deno.test("an address of each gigabyte takes its own PDPTE", () => {
  const machine = machineInPae();
  for (let i = 0; i < 4; i++) machine.memory.write(ROOT, 2 * i, i === 2 ? 0 : ((ROOT + 1) << 12) | 1);
  machine.writeCr3(machine.cr3);
  const outcomes = [0, 1, 2, 3].map((i) => outcome(machine, i * 0x4000_0000 + 0x1000));
  assertEquals(outcomes, ["frame 5", "frame 5", "#PF 0", "frame 5"]);
});

Deno.test("outside PAE mode nobody checks what would be a PDPTE", () => {
  for (const id of ["two-level", "4-level"] as const) {
    const machine = machineIn(id);
    machine.memory.write(ROOT, 2, 0x1e7);
    assertEquals(machine.writeCr3(machine.cr3), undefined);
    assertEquals(machine.writeCr4(machine.cr4 | PGE), undefined);
  }
});
