import { assertEquals } from "@std/assert";
import { makeEntry, NX, PS } from "@pagetable-init/textbook/mmu";
import {
  CPUS,
  explain,
  Machine,
  PhysicalMemory,
  type Step,
} from "@pagetable-init/textbook";
import { effectiveRights } from "./exercise.ts";

const ADDRESS = 0xc0100000;

function twoLevel(pdeFlags: number, pteFlags: number): readonly Step[] {
  const machine = new Machine(CPUS.p6, new PhysicalMemory(1 << 24));
  machine.memory.write(0x1, 768, 0x2000 | pdeFlags);
  machine.memory.write(0x2, 256, 0x300000 | pteFlags);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x80010001);
  return explain(machine, ADDRESS).steps;
}

function pae(pdeHigh: number, pteHigh: number): readonly Step[] {
  const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
  machine.memory.write(0x1, 6, 0x2001);
  machine.memory.write(0x2, 0, 0x3007);
  machine.memory.write(0x2, 1, pdeHigh);
  machine.memory.write(0x3, 512, 0x300007);
  machine.memory.write(0x3, 513, pteHigh);
  machine.writeCr4(0x20);
  machine.writeEfer(0x800);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x80010001);
  return explain(machine, ADDRESS).steps;
}

Deno.test("a table entry can take rights away", () => {
  const { write, user } = effectiveRights(twoLevel(0x7, 0x1));
  assertEquals(
    [write, user],
    [false, false],
    "The PTE has neither RW nor US: an entry below can take what one above gave",
  );
});

Deno.test("a directory entry can take rights away", () => {
  const { write, user } = effectiveRights(twoLevel(0x1, 0x7));
  assertEquals(
    [write, user],
    [false, false],
    "The last entry alone does not decide: every level must allow it",
  );
});

Deno.test("different levels may take different rights", () => {
  const { write, user } = effectiveRights(twoLevel(0x3, 0x5));
  assertEquals(
    [write, user],
    [false, false],
    "RW is clear in one entry and US in the other: no right is left",
  );
});

Deno.test("a page may be the kernel's to write and closed to user mode", () => {
  assertEquals(
    effectiveRights(twoLevel(0x7, 0x3)),
    { write: true, user: false, execute: true },
    "RW is set in both entries and US in one: the kernel may write, whatever user mode " +
      "may",
  );
});

/** A walk of four levels, or of three with a large page: flags from the root on. */
function fourLevel(...flags: readonly number[]): readonly Step[] {
  const machine = new Machine(CPUS.today, new PhysicalMemory(1 << 24));
  flags.forEach((it, at) => {
    const isLarge = (it & PS) !== 0;
    const { hi, lo } = makeEntry(isLarge ? 0x200 : at + 2, it);
    machine.memory.write(at + 1, 0, lo);
    machine.memory.write(at + 1, 1, hi);
  });
  machine.writeCr4(0x20);
  machine.writeEfer(0x900);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x80010001);
  return explain(machine, 0).steps;
}

Deno.test("all levels count, however many there are", () => {
  for (const [at, flags] of [[0x1, 0x7, 0x7, 0x7], [0x7, 0x1, 0x7, 0x7]].entries()) {
    const { write, user } = effectiveRights(fourLevel(...flags));
    assertEquals(
      [write, user],
      [false, false],
      `Level ${
        at + 1
      } of four has neither RW nor US: a walk may have more than two levels`,
    );
  }
});

Deno.test("a walk that ends at a large page counts all that it has", () => {
  const steps = fourLevel(0x7, 0x5, 0x87);
  assertEquals(
    effectiveRights(steps),
    { write: false, user: true, execute: true },
    "Three entries, the last a large page: the second lacks RW, all have US",
  );
});

Deno.test("NX counts at any level", () => {
  for (const [pde, pte] of [[1 << 31, 0], [0, 1 << 31], [1 << 31, 1 << 31]] as const) {
    const { execute } = effectiveRights(pae(pde, pte));
    assertEquals(
      execute,
      false,
      "NX is the other way round: one entry with it is enough to forbid execution",
    );
  }
});

Deno.test("a PDPTE has no rights to take", () => {
  const expected = { write: true, user: true, execute: true };
  assertEquals(
    effectiveRights(pae(0, 0)),
    expected,
    "RW and US of a PDPTE are reserved, not clear: leave that level out",
  );
});

/** A walk of PAE that ends at a large page: PDPTE and PDE. */
function paeLarge(flags: number): readonly Step[] {
  const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
  machine.memory.write(0x1, 6, 0x2001);
  machine.memory.write(0x2, 0, 0x200000 | PS | flags);
  machine.writeCr4(0x20);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x80010001);
  return explain(machine, 0xc0000000).steps;
}

Deno.test("the number of entries does not tell which level has no rights", () => {
  assertEquals(
    effectiveRights(paeLarge(0x7)),
    { write: true, user: true, execute: true },
    "A walk of two entries, the first a PDPTE: ask level.rights, do not count entries",
  );
  assertEquals(
    effectiveRights(fourLevel(0x1, 0x7, 0x87)),
    { write: false, user: false, execute: true },
    "A walk of three entries, none of them PAE's: ask level.rights, do not count entries",
  );
});

Deno.test("NX counts at the root as well", () => {
  for (const at of [0, 1, 2, 3]) {
    const flags = [0x7, 0x7, 0x7, 0x7].map((it, level) => level === at ? NX | it : it);
    assertEquals(
      effectiveRights(fourLevel(...flags)).execute,
      false,
      `Entry ${at + 1} of four has NX: the page cannot be executed`,
    );
  }
});

Deno.test("the high word holds more than NX", () => {
  assertEquals(
    effectiveRights(pae(0, 0x1)).execute,
    true,
    "The page lies above 4 GiB, so its high word is not 0: NX is bit 31 of it alone",
  );
});
