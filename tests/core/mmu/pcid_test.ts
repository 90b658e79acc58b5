/** Process-context identifiers (SDM vol. 3A, sections 2.5, 4.10.1, 4.10.4.1), and the reserved bits of CR4. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { CR4_PCIDE, type GeneralProtection } from "../../../core/mmu/mod.ts";
import { access, type Cpu, CPUS, Machine, PhysicalMemory } from "../../../mod.ts";

const PAE = 0x20;
const NO_FLUSH = 1n << 63n;

/** A machine in long mode: address 0 in frame 5, or in frame 6 below the second root, at 0x8000. */
function long(cr3: number, cpu: Cpu = CPUS.today): Machine {
  const machine = new Machine(cpu, new PhysicalMemory(1 << 24));
  for (const [root, page] of [[1, 5], [8, 6]] as const) {
    machine.memory.write(root, 0, ((root + 1) << 12) | 0x27);
    machine.memory.write(root + 1, 0, ((root + 2) << 12) | 0x27);
    machine.memory.write(root + 2, 0, ((root + 3) << 12) | 0x27);
    machine.memory.write(root + 3, 0, (page << 12) | 0x27);
  }
  machine.writeCr4(PAE);
  machine.writeEfer(0x100);
  machine.writeCr3(cr3);
  assertEquals(machine.writeCr0(0x8001_0011), undefined);
  return machine;
}

function refused(fault: GeneralProtection | undefined, because: string): void {
  assertEquals(fault?.vector, 13);
  assert(fault?.reason.includes(because), fault?.reason);
}

Deno.test("CR4.PCIDE is refused by a CPU without it, outside long mode, and while CR3 has low bits", () => {
  refused(new Machine(CPUS.i486, new PhysicalMemory(4096)).writeCr4(CR4_PCIDE), "pcid");
  refused(new Machine(CPUS.k8, new PhysicalMemory(4096)).writeCr4(CR4_PCIDE), "pcid");
  const own = { ...CPUS.today, id: "own" } as { -readonly [name in keyof Cpu]: Cpu[name] };
  delete own.pcid;
  refused(long(0x1000, own).writeCr4(PAE | CR4_PCIDE), "pcid");
  refused(new Machine(CPUS.today, new PhysicalMemory(4096)).writeCr4(PAE | CR4_PCIDE), "outside long mode");
  refused(long(0x1005).writeCr4(PAE | CR4_PCIDE), "bits 11..0 of CR3");
  assertEquals(long(0x1000).writeCr4(PAE | CR4_PCIDE), undefined);
});

Deno.test("with CR4.PCIDE paging cannot be left, and without PCIDE again it can", () => {
  const machine = long(0x1000);
  machine.writeCr4(PAE | CR4_PCIDE);
  refused(machine.writeCr0(0x11), "PCIDE");
  assertEquals(machine.mode?.id, "4-level");
  assertEquals(machine.writeCr4(PAE), undefined);
  assertEquals(machine.writeCr0(0x11), undefined);
});

Deno.test("bit 63 of CR3 is #GP without PCIDE, and asks for no flush with it", () => {
  const machine = long(0x1000);
  for (const value of [2 ** 63 + 0x1000, NO_FLUSH | 0x1000n]) refused(machine.writeCr3(value), "bit 63");
  machine.writeCr4(PAE | CR4_PCIDE);
  assert(access(machine, 0).ok);
  machine.memory.write(4, 0, 0x7027);
  assertEquals(machine.writeCr3(2 ** 63 + 0x1000), undefined);
  assertEquals(machine.cr3, 0x1000);
  assertEquals(machine.translate(0, 0, 0), 5, "what was remembered is kept");
  assertEquals(machine.writeCr3(0x1000), undefined);
  assertEquals(machine.translate(0, 0, 0), 7, "a load without bit 63 flushes");
});

Deno.test("what is remembered of one PCID does not serve another, with bit 63 or without", () => {
  for (const keep of [0n, NO_FLUSH]) {
    const machine = long(0x1000);
    machine.writeCr4(PAE | CR4_PCIDE);
    assertEquals(machine.translate(0, 0, 0), 5);
    assertEquals(machine.writeCr3(keep | 0x8007n), undefined);
    assertEquals([machine.cr3, machine.translate(0, 0, 0)], [0x8007, 6]);
  }
});

Deno.test("clearing PCIDE forgets everything, global pages too", () => {
  const machine = long(0x1000);
  machine.writeCr4(PAE | CR4_PCIDE | 0x80);
  machine.memory.write(4, 0, 0x5127);
  assertEquals(machine.translate(0, 0, 0), 5);
  machine.memory.write(4, 0, 0x7127);
  machine.writeCr3(0x1000);
  assertEquals(machine.translate(0, 0, 0), 5, "a global page outlives a CR3 load");
  machine.writeCr4(PAE | 0x80);
  assertEquals(machine.translate(0, 0, 0), 7);
});

Deno.test("bits beyond the physical width are #GP up to bit 62, whatever the form of the number", () => {
  const machine = long(0x1000);
  for (const value of [2 ** 52, 2 ** 60, 1n << 61n, (1n << 62n) | 0x1000n]) {
    refused(machine.writeCr3(value), "bits beyond 52");
  }
  assertEquals(machine.cr3, 0x1000);
});

Deno.test("a CR3 value of more than 64 bits, negative, fractional or of another kind is a misuse", () => {
  const machine = long(0x1000);
  for (const value of [2 ** 64, -1, 0.5, NaN, Infinity, 1n << 64n, -1n]) {
    assertThrows(() => machine.writeCr3(value), RangeError, "Expected");
  }
  for (const value of JSON.parse('["0x1000", null, {}]')) {
    assertThrows(() => machine.writeCr3(value), TypeError, "Expected");
  }
});

Deno.test("the bits of CR4 that no CPU has are refused, the others are not", () => {
  for (const bit of [15, 26, 27, 29, 30, 31]) refused(long(0x1000).writeCr4(PAE | (1 << bit)), "reserved bit");
  for (const bit of [0, 8, 9, 10, 11, 13, 16, 18]) {
    assertEquals(long(0x1000).writeCr4(PAE | (1 << bit)), undefined, `${bit}`);
  }
});
