/** The six directed tests that stand beside the matrix: each needs more than one access, or tables of another shape. */
import { assertEquals } from "@std/assert";
import { CPUS, Machine, PhysicalMemory } from "../../core/mmu/mod.ts";
import { outcome } from "../core/mmu/machines.ts";

const CR0 = 0x8000_0011;
const CR0_WP = 0x0001_0000;
const CR4_PAE = 0x20;
const CR4_SMEP = 0x0010_0000;
const EFER_LME = 0x100;
const TABLE = 0x27; // P RW US A
const LARGE = 0x80;

/** Frames of the tables: PML4, two PDPTs' worth of entries in one, two PMDs, a PT. */
const [PML4, PDPT, PMD, PT] = [0x10, 0x11, 0x12, 0x13];

/** A machine in 4-level paging: linear 0 and 1 GiB go through the PDPTEs given, both to the same PMD. */
function fourLevel({ wp = true, cr4 = 0, pdptes = [TABLE, TABLE] } = {}): Machine {
  const machine = new Machine(CPUS.today, new PhysicalMemory(2 ** 24));
  const { memory } = machine;
  memory.write(PML4, 0, (PDPT << 12) | TABLE);
  pdptes.forEach((flags, i) => memory.write(PDPT, 2 * i, (PMD << 12) | flags));
  memory.write(PMD, 0, (PT << 12) | TABLE);
  machine.writeEfer(EFER_LME);
  machine.writeCr4(CR4_PAE | cr4);
  machine.writeCr3(PML4 * 4096);
  machine.writeCr0(wp ? CR0 | CR0_WP : CR0);
  return machine;
}

Deno.test("two large pages with different rights over one frame: each access has the rights of its own page", () => {
  const machine = fourLevel();
  machine.memory.write(PMD, 2, 0x40_0000 | TABLE | LARGE); // 2M: all rights
  machine.memory.write(PMD, 4, 0x40_0000 | 0x21 | LARGE); // 4M: neither RW nor US
  for (const round of ["from memory", "from the TLB"]) {
    assertEquals(outcome(machine, 0x20_0000, "write", true), "frame 400", round);
    assertEquals(outcome(machine, 0x40_0000, "read", true), "#PF 5", round);
    assertEquals(outcome(machine, 0x40_0000, "write"), "#PF 3", round);
    assertEquals(outcome(machine, 0x40_0000, "read"), "frame 400", round);
  }
});

Deno.test("a PTE that was absent when its neighbour was walked faults as what it is afterwards", () => {
  const machine = fourLevel();
  machine.memory.write(PT, 2, 0x5000 | 0x61); // page 1: supervisor, read-only
  assertEquals(outcome(machine, 0x1000, "read"), "frame 5");
  assertEquals(outcome(machine, 0x2000, "write", true), "#PF 6"); // page 2 is absent
  machine.memory.write(PT, 4, 0x6000 | 0x61); // now it is there: no flush is needed for an entry that was not present
  assertEquals(outcome(machine, 0x2000, "write", true), "#PF 7");
  assertEquals(outcome(machine, 0x2000, "read"), "frame 6");
});

Deno.test("a supervisor write with WP clear makes a read-only large page dirty", () => {
  const machine = fourLevel({ wp: false });
  machine.memory.write(PMD, 2, 0x40_0000 | 0x05 | LARGE);
  assertEquals(outcome(machine, 0x20_0000, "read"), "frame 400");
  assertEquals(machine.memory.read(PMD, 2), 0x40_0000 | 0x25 | LARGE);
  assertEquals(outcome(machine, 0x20_0000, "write"), "frame 400");
  assertEquals(machine.memory.read(PMD, 2), 0x40_0000 | 0x65 | LARGE);
});

Deno.test("SMEP stops a supervisor fetch from a user page whatever WP says", () => {
  for (const wp of [false, true]) {
    const machine = fourLevel({ wp, cr4: CR4_SMEP });
    machine.memory.write(PT, 2, 0x5000 | 0x65); // user page, read-only
    machine.memory.write(PT, 4, 0x6000 | 0x61); // supervisor page
    assertEquals(outcome(machine, 0x1000, "write"), wp ? "#PF 3" : "frame 5");
    assertEquals(outcome(machine, 0x1000, "fetch"), "#PF 11");
    assertEquals(outcome(machine, 0x1000, "fetch", true), "frame 5");
    assertEquals(outcome(machine, 0x2000, "fetch"), "frame 6");
  }
});

Deno.test("switching WP decides about supervisor writes at once, also for pages in the TLB, never about user writes", () => {
  const machine = fourLevel({ wp: false });
  machine.memory.write(PT, 2, 0x5000 | 0x65);
  for (const wp of [false, true, false, true]) {
    machine.writeCr0(wp ? CR0 | CR0_WP : CR0);
    assertEquals(outcome(machine, 0x1000, "write"), wp ? "#PF 3" : "frame 5");
    assertEquals(outcome(machine, 0x1000, "read"), "frame 5");
    assertEquals(outcome(machine, 0x1000, "write", true), "#PF 7");
  }
});

Deno.test("one PMD under a writable and a read-only PDPTE: the way down decides, not the entry below", () => {
  const machine = fourLevel({ pdptes: [TABLE, TABLE & ~0x02] });
  machine.memory.write(PT, 2, 0x5000 | TABLE);
  for (const round of ["from memory", "from the TLB"]) {
    assertEquals(outcome(machine, 0x1000, "write", true), "frame 5", round);
    assertEquals(outcome(machine, 0x4000_1000, "read", true), "frame 5", round);
    assertEquals(outcome(machine, 0x4000_1000, "write", true), "#PF 7", round);
    assertEquals(outcome(machine, 0x4000_1000, "write"), "#PF 3", round);
  }
});
