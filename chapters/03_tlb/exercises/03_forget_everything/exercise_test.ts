import { assert, assertEquals } from "@std/assert";
import { access, CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { CR4_PGE, type GeneralProtection } from "@pagetable-init/textbook/mmu";
import { forgetEverything } from "./exercise.ts";

/** A machine that notes how its registers are written. */
class Watched extends Machine {
  cr0Writes = 0;
  readonly otherRoots: string[] = [];
  readonly otherSwitches: string[] = [];
  refused = 0;
  override writeCr3(value: number): GeneralProtection | undefined {
    if (value !== this.cr3) this.otherRoots.push(`0x${value.toString(16)}`);
    return super.writeCr3(value);
  }
  override writeCr4(value: number): GeneralProtection | undefined {
    if (((value ^ this.cr4) & ~CR4_PGE) !== 0) {
      this.otherSwitches.push(`0x${value.toString(16)}`);
    }
    const fault = super.writeCr4(value);
    if (fault !== undefined) this.refused++;
    return fault;
  }
  override writeCr0(value: number): GeneralProtection | undefined {
    this.cr0Writes++;
    return super.writeCr0(value);
  }
}

/**
 * A machine that remembers small and large pages, with G in their entries if the CPU has
 * it on.
 */
function remembering(cpu: "pentium" | "p6", cr4: number): Watched {
  const machine = new Watched(CPUS[cpu], new PhysicalMemory(1 << 26));
  machine.memory.write(0x1, 0, 0x00002067);
  machine.memory.write(0x1, 1, 0x004001e3);
  machine.memory.write(0x2, 0, 0x00010063);
  machine.memory.write(0x2, 1, 0x00011163);
  machine.writeCr3(0x1000);
  machine.writeCr4(cr4);
  machine.writeCr0(0x80010001);
  for (const address of [0, 0x1000, 0x400000]) access(machine, address);
  machine.cr0Writes = 0;
  machine.otherRoots.length = machine.otherSwitches.length = 0;
  const message = "The test itself is wrong: three pages should be remembered";
  assertEquals(machine.tlb.entries().length, 3, message);
  return machine;
}

Deno.test("global pages are forgotten too", () => {
  const machine = remembering("p6", 0x90);
  forgetEverything(machine);
  const left = machine.tlb.entries();
  assert(
    !left.some(({ global }) => global),
    "A load of CR3 spares global pages: they are still there",
  );
  assertEquals(left.length, 0, "Some pages are still remembered");
});

Deno.test("a CPU without global pages forgets as well", () => {
  const machine = remembering("pentium", 0x10);
  forgetEverything(machine);
  const message =
    "This CPU has no PGE: it refuses the write to CR4, and nothing is forgotten";
  assertEquals(machine.tlb.entries().length, 0, message);
});

Deno.test("it works where global pages are there and turned off", () => {
  const machine = remembering("p6", 0x10);
  forgetEverything(machine);
  assertEquals(
    machine.tlb.entries().length,
    0,
    "While PGE is off, writing CR4 with PGE cleared changes nothing and flushes nothing",
  );
});

Deno.test("the registers are what they were", () => {
  for (const [cpu, cr4] of [["pentium", 0x10], ["p6", 0x10], ["p6", 0x90]] as const) {
    const machine = remembering(cpu, cr4);
    forgetEverything(machine);
    assertEquals(
      `0x${machine.cr4.toString(16)}`,
      `0x${cr4.toString(16)}`,
      "CR4 is not what it was: the kernel has lost or gained global pages",
    );
    assertEquals(
      `0x${machine.cr3.toString(16)}`,
      "0x1000",
      "CR3 is not what it was: the kernel is on other tables",
    );
  }
});

Deno.test("paging stays on", () => {
  const machine = remembering("p6", 0x90);
  forgetEverything(machine);
  assertEquals(
    machine.cr0Writes,
    0,
    "With paging off, the next instruction is fetched from a physical address",
  );
});

Deno.test("the kernel stays on its tables all the time", () => {
  for (const [cpu, cr4] of [["pentium", 0x10], ["p6", 0x10], ["p6", 0x90]] as const) {
    const machine = remembering(cpu, cr4);
    forgetEverything(machine);
    assertEquals(
      machine.otherRoots,
      [],
      "CR3 was loaded with another value: the next instruction is fetched through it",
    );
    assertEquals(
      machine.otherSwitches,
      [],
      "A bit of CR4 other than PGE was changed for a moment: without PSE or PAE the " +
        "tables mean something else",
    );
  }
});

Deno.test("no write is refused", () => {
  for (const [cpu, cr4] of [["pentium", 0x10], ["p6", 0x10], ["p6", 0x90]] as const) {
    const machine = remembering(cpu, cr4);
    forgetEverything(machine);
    assertEquals(
      machine.refused,
      0,
      "A write to CR4 was refused: to the kernel that is a general protection fault",
    );
  }
});

Deno.test("the TLB is not read", () => {
  const machine = remembering("p6", 0x90);
  let isRead = false;
  const asKernel = new Proxy(machine, {
    get(_, name) {
      if (name === "tlb") isRead = true;
      const part: unknown = Reflect.get(machine, name, machine);
      return typeof part === "function" ? part.bind(machine) : part;
    },
  });
  forgetEverything(asKernel);
  assertEquals(
    isRead,
    false,
    "A kernel does not know what the TLB holds, because no instruction reads it",
  );
});
