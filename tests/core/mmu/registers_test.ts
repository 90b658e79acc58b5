/** Control registers: what the CPU refuses, what it selects, and that a refusal changes nothing (SDM vol. 3A, sections 2.5 and 4.1). */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Cpu,
  CPUS,
  type GeneralProtection,
  Machine,
  PAT_RESET,
  PhysicalMemory,
  selectMode,
} from "../../../core/mmu/mod.ts";
import { machineIn, MODE_IDS, outcome, PAGE, PAGING, PAGING_WP, setEntry, tableAbove } from "./machines.ts";

const PE = 0x1;
const NW = 0x2000_0000;
const CD = 0x4000_0000;
const PG = 0x8000_0000;
const [PSE, PAE, PGE, LA57] = [0x10, 0x20, 0x80, 0x1000];
const [SMEP, SMAP, PKE] = [0x0010_0000, 0x0020_0000, 0x0040_0000];
const [LME, LMA, NXE] = [0x100, 0x400, 0x800];

function machineOf(cpu: Cpu): Machine {
  return new Machine(cpu, new PhysicalMemory(2 ** 24));
}

/** Tries a register write that must be #GP(0), and asserts that it changed nothing. */
function assertRefused(machine: Machine, write: () => GeneralProtection | undefined, reason: string): void {
  const state = () => {
    const { cr0, cr3, cr4, efer, mode, pat, tlb } = machine;
    return { cr0, cr3, cr4, efer, mode: mode?.id, pat, flushes: tlb.flushes, entries: tlb.entries() };
  };
  const before = state();
  const fault = write();
  assertEquals([fault?.vector, fault?.errorCode], [13, 0], reason);
  assert(fault?.reason.includes(reason), `Expected a reason with ${reason} but found ${fault?.reason}`);
  assertEquals(state(), before);
}

Deno.test("after reset paging is off and an address is its own frame", () => {
  const machine = machineOf(CPUS.today);
  assertEquals([machine.mode, machine.cr3, machine.cr4, machine.efer], [undefined, 0, 0, 0]);
  assertEquals(outcome(machine, 0x1234_5678, "write", true), "frame 12345");
  assertEquals(outcome(machine, 0x1_2345_6789), "frame 123456");
});

Deno.test("CR0.PG without PE is #GP, and NW without CD", () => {
  const machine = machineOf(CPUS.i486);
  assertRefused(machine, () => machine.writeCr0(PG), "PG set without PE");
  assertRefused(machine, () => machine.writeCr0(PE | NW), "NW set without CD");
  assertEquals(machine.writeCr0(PE | NW | CD), undefined);
  assertEquals(machine.cr0, PE | NW | CD);
});

Deno.test("CR0.PG with EFER.LME but without CR4.PAE is #GP", () => {
  const machine = machineOf(CPUS.k8);
  machine.writeEfer(LME);
  assertRefused(machine, () => machine.writeCr0(PAGING), "without CR4.PAE");
  machine.writeCr4(PAE);
  assertEquals(machine.writeCr0(PAGING), undefined);
  assertEquals(machine.mode?.id, "4-level");
});

const FEATURES = [
  [PSE, "pse", "pentium p6 k8 broadwell today"],
  [PAE, "pae", "p6 k8 broadwell today"],
  [PGE, "pge", "p6 k8 broadwell today"],
  [LA57, "la57", "today"],
  [SMEP, "smep", "broadwell today"],
  [SMAP, "smap", "broadwell today"],
  [PKE, "pku", "today"],
] as const;

for (const [bit, feature, having] of FEATURES) {
  Deno.test(`CR4 takes the bit of ${feature} on ${having}, and is #GP elsewhere`, () => {
    for (const cpu of Object.values(CPUS)) {
      const machine = machineOf(cpu);
      if (having.split(" ").includes(cpu.id)) {
        assertEquals(machine.writeCr4(bit), undefined, cpu.id);
        assertEquals(machine.cr4, bit);
      } else assertRefused(machine, () => machine.writeCr4(bit), feature);
    }
  });
}

Deno.test("in long mode CR4.PAE cannot be cleared nor LA57 changed; outside it both can", () => {
  for (const id of ["4-level", "5-level"] as const) {
    const machine = machineIn(id);
    assertRefused(machine, () => machine.writeCr4(machine.cr4 & ~PAE), "changed in long mode");
    assertRefused(machine, () => machine.writeCr4(machine.cr4 ^ LA57), "changed in long mode");
    assertEquals(machine.writeCr4(machine.cr4 | PSE | PGE), undefined);
  }
  const legacy = machineIn("pae");
  assertEquals(legacy.writeCr4(legacy.cr4 | LA57), undefined);
  assertEquals(legacy.mode?.id, "pae");
  assertEquals(legacy.writeCr4(0), undefined);
  assertEquals(legacy.mode?.id, "two-level");
});

Deno.test("EFER.NXE is #GP on a CPU without execute-disable, LME on one without long mode", () => {
  for (const cpu of [CPUS.i486, CPUS.pentium, CPUS.p6]) {
    const machine = machineOf(cpu);
    assertRefused(machine, () => machine.writeEfer(NXE), "EFER.NXE");
    assertRefused(machine, () => machine.writeEfer(LME), "EFER.LME");
  }
  const k8 = machineOf(CPUS.k8);
  assertEquals(k8.writeEfer(NXE | LME), undefined);
  assertEquals(k8.efer, NXE | LME);
});

Deno.test("EFER.LME cannot change while paging, in either direction; NXE can", () => {
  const long = machineIn("4-level");
  assertRefused(long, () => long.writeEfer(long.efer & ~LME), "while paging");
  const pae = machineIn("pae");
  assertRefused(pae, () => pae.writeEfer(LME), "while paging");
  assertEquals(pae.writeEfer(NXE), undefined);
});

Deno.test("EFER.LMA is the CPU's: it follows CR0.PG, and a write neither sets nor clears it", () => {
  const machine = machineOf(CPUS.k8);
  machine.writeCr4(PAE);
  machine.writeEfer(LME | LMA);
  assertEquals(machine.efer, LME);
  machine.writeCr0(PAGING);
  assertEquals(machine.efer, LME | LMA);
  machine.writeEfer(LME | NXE);
  assertEquals(machine.efer, LME | LMA | NXE);
  machine.writeCr0(PE);
  assertEquals(machine.efer, LME | NXE);
  assertEquals(machine.mode, undefined);
});

Deno.test("CR3 is #GP beyond the physical width, beyond 32 bits without long mode", () => {
  for (const [cpu, width] of [[CPUS.p6, 32], [CPUS.k8, 40], [CPUS.broadwell, 40]] as const) {
    const machine = machineOf(cpu);
    assertRefused(machine, () => machine.writeCr3(2 ** width), `beyond ${width}`);
    assertEquals(machine.writeCr3(2 ** width - 4096), undefined);
    assertEquals(machine.cr3, 2 ** width - 4096);
  }
  assertEquals(machineOf(CPUS.today).writeCr3(2 ** 52 - 1), undefined);
});

Deno.test("a 32-bit mode has no use for bits 63 to 32 of CR3: it cannot write them, and ignores those that are there", () => {
  for (const [id, cr4] of [["two-level", 0], ["pae", PAE]] as const) {
    const machine = machineIn(id, { cpu: CPUS.k8 });
    setEntry(machine, tableAbove(id), 1, 0x5000 | PAGE);
    assertRefused(machine, () => machine.writeCr3(2 ** 32), "beyond 32");
    machine.writeCr0(PE);
    machine.writeCr4(cr4);
    machine.writeCr3(2 ** 33 + machine.cr3);
    assertEquals(machine.writeCr0(PAGING), undefined);
    assertEquals(outcome(machine, 0x1000), "frame 5", id);
  }
});

Deno.test("a CR3 that is no register value at all is a misuse", () => {
  const machine = machineOf(CPUS.today);
  for (const value of [-1, 0.5, NaN, Infinity, 2 ** 64]) {
    assertThrows(
      () => machine.writeCr3(value),
      RangeError,
      `Expected a CR3 value of 0 to 2^64 - 1 but found ${value}`,
    );
  }
});

Deno.test("the low bits of CR3 are kept and do not move the root", () => {
  for (const id of MODE_IDS) {
    const machine = machineIn(id);
    setEntry(machine, tableAbove(id), 1, 0x5000 | PAGE);
    machine.writeCr3(0x1_0018);
    assertEquals([machine.cr3, outcome(machine, 0x1000)], [0x1_0018, "frame 5"], id);
  }
});

Deno.test("PG, PAE, LME and LA57 select the mode, and no other bit does", () => {
  assertEquals(selectMode(0, 0).id, "two-level");
  assertEquals(selectMode(LA57 | PSE, LME).id, "two-level");
  assertEquals(selectMode(PAE, 0).id, "pae");
  assertEquals(selectMode(PAE | LA57, NXE).id, "pae");
  assertEquals(selectMode(PAE, LME | LMA).id, "4-level");
  assertEquals(selectMode(PAE | LA57, LME | LMA).id, "5-level");
  for (const id of MODE_IDS) assertEquals(machineIn(id).mode?.id, id);
});

Deno.test("the PAT takes eight encodings that exist; another is #GP, another number of them a misuse", () => {
  const machine = machineOf(CPUS.p6);
  assertEquals(machine.pat, PAT_RESET);
  for (const encoding of [2, 3, 8, 255, -1]) {
    assertRefused(machine, () => machine.writePat([6, 4, 7, 0, 6, 4, 7, encoding]), "reserved");
  }
  assertThrows(() => machine.writePat([6, 4, 7, 0]), RangeError, "Expected pat to be a list of 8 but found one of 4");
  assertEquals(machine.writePat([6, 1, 7, 0, 5, 4, 7, 0]), undefined);
  assertEquals(machine.pat, [6, 1, 7, 0, 5, 4, 7, 0]);
});

Deno.test("a CPU without a PAT has no register for it", () => {
  for (const cpu of [CPUS.i486, CPUS.pentium]) {
    const machine = machineOf(cpu);
    assertRefused(machine, () => machine.writePat(PAT_RESET), "PAT");
  }
});

Deno.test("the PAT that was written does not change with the array that it came from", () => {
  const machine = machineOf(CPUS.p6);
  const pat = [6, 1, 7, 0, 6, 4, 7, 0];
  machine.writePat(pat);
  pat[0] = 0;
  assertEquals(machine.pat[0], 6);
});

Deno.test("PKRU counts in long mode with CR4.PKE, and nowhere else", () => {
  for (const id of MODE_IDS) {
    for (const pke of [0, PKE]) {
      const machine = machineIn(id, { cr4: pke });
      setEntry(machine, tableAbove(id), 1, 0x5000 | PAGE);
      machine.writePkru(0b01); // key 0: no access
      const denied = pke !== 0 && (id === "4-level" || id === "5-level");
      assertEquals(outcome(machine, 0x1000), denied ? "#PF 21" : "frame 5", `${id} ${pke}`);
      assertEquals(machine.pkru, 1);
    }
  }
});

Deno.test("PKRU written before CR4.PKE is set counts from then on", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 1, 0x5000 | PAGE);
  machine.writePkru(0b01);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  machine.writeCr4(machine.cr4 | PKE);
  assertEquals(outcome(machine, 0x1000), "#PF 21");
});

Deno.test("CR2 holds the address of the last page fault, all 64 bits of it; #GP and success leave it", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 1, 0x5000 | PAGE);
  assertEquals(outcome(machine, "ffff_8123_4567_89ab"), "#PF 0");
  const words = () => [...machine.cr2].map((word) => word >>> 0);
  assertEquals(words(), [0xffff_8123, 0x4567_89ab]);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  assertEquals(outcome(machine, "8000_0000_0000"), "#GP");
  assertEquals(words(), [0xffff_8123, 0x4567_89ab]);
});

Deno.test("WP, clear after reset, decides about supervisor writes in every mode", () => {
  for (const id of MODE_IDS) {
    const machine = machineIn(id, { cr0: PAGING });
    setEntry(machine, tableAbove(id), 1, 0x5000 | 0x65);
    assertEquals(outcome(machine, 0x1000, "write"), "frame 5");
    machine.writeCr0(PAGING_WP);
    assertEquals(outcome(machine, 0x1000, "write"), "#PF 3");
  }
});
