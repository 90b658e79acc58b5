/** Words by linear address, and machines put back to what they were. */
import { assertEquals, assertThrows } from "@std/assert";
import { access, boot, CPUS, Machine, PhysicalMemory } from "../../../mod.ts";

const START = 0xc000_0000;

function small(): Machine {
  const machine = new Machine(CPUS.today, new PhysicalMemory(2 ** 24));
  machine.memory.write(0x1, 768, 0x2007);
  machine.memory.write(0x2, 0, 0x5007);
  machine.memory.write(0x2, 1, 0x6001);
  machine.memory.write(0x2, 2, 0xff00_0003 | 0); // where no memory is
  machine.writeCr3(0x1000);
  machine.writeCr0(0x8001_0011);
  return machine;
}

Deno.test("a word stored is loaded again, unsigned, and lies where the page is", () => {
  const machine = small();
  assertEquals(machine.store(START + 8, -2), { ok: true, frame: 5, physical: 0x5008 });
  assertEquals(machine.load(START + 8), { ok: true, frame: 5, physical: 0x5008, value: 0xffff_fffe });
  assertEquals(machine.memory.read(5, 2), -2);
  assertEquals(machine.load({ hi: 0, lo: START + 8 }, { user: true }), machine.load(BigInt(START + 8)));
});

Deno.test("what a load or a store may not do is a fault, and nothing is stored", () => {
  const machine = small();
  const read = machine.load(START + 0x1000, { user: true });
  assertEquals(!read.ok && read.fault.vector === 14 && read.fault.reason, "supervisor-only");
  const write = machine.store(START + 0x1000, 7);
  assertEquals(!write.ok && write.fault.vector === 14 && write.fault.reason, "write-protected");
  assertEquals(machine.memory.read(6, 0), 0);
});

Deno.test("where no memory is, a load finds all ones and a store changes nothing", () => {
  const machine = small();
  assertEquals(machine.store(START + 0x2000, 1).ok, true);
  const read = machine.load(START + 0x2000);
  assertEquals(read.ok && read.value, 0xffff_ffff);
});

Deno.test("an odd address, another value or option is a misuse", () => {
  const machine = small();
  for (const address of [1, START + 2, -4, 0.5]) assertThrows(() => machine.load(address), RangeError, "Expected");
  for (const value of [2 ** 32, -(2 ** 31) - 1, 0.5, NaN]) assertThrows(() => machine.store(START, value), RangeError);
  for (const value of JSON.parse('["1", null]')) assertThrows(() => machine.store(START, value), TypeError, "Expected");
  for (const options of JSON.parse('[{"usr": true}, 1]')) assertThrows(() => machine.load(START, options), TypeError);
});

Deno.test("a machine is put back to what it was: memory, registers, TLB, and what it does next", () => {
  for (const platform of ["xen-pae", "native-p6", "xen-4level"] as const) {
    const { machine } = boot({ platform, strategy: "filter-set-pte", memory: "16M" });
    const seen = () => [
      [...machine.memory.words].filter((word) => word !== 0),
      machine.memory.committedBytes,
      machine.tlb.entries(),
      machine.tlb.fills,
    ];
    const before = seen();
    const registers = [machine.cr0, machine.cr3, machine.cr4, [...machine.cr2], [...machine.pdptes]];
    const snapshot = machine.snapshot();
    const disturb = () => {
      const made = Array.from({ length: 64 }, (_, i) => access(machine, 0xc010_0000 + i * 4096, "write"));
      for (let frame = 0x800; frame < 0x840; frame++) machine.memory.write(frame, 1, frame);
      machine.writePkru(4);
      machine.writeCr0(0x11);
      return made;
    };
    const first = disturb();
    machine.restore(snapshot);
    assertEquals(seen(), before);
    assertEquals([machine.cr0, machine.cr3, machine.cr4, [...machine.cr2], [...machine.pdptes]], registers);
    assertEquals(disturb(), first);
    machine.restore(snapshot);
    assertEquals(seen(), before, "a snapshot can be used again");
  }
});

Deno.test("a snapshot costs what is committed, and fits machines of its size alone", () => {
  const machine = new Machine(CPUS.today, new PhysicalMemory(2 ** 30));
  for (let frame = 0; frame < 10; frame++) machine.memory.write(frame, 0, 1);
  const { memory } = machine.snapshot();
  assertEquals(memory.words.byteLength, 11 * 4096);
  assertThrows(
    () => small().restore(machine.snapshot()),
    RangeError,
    "Expected a snapshot of 4096 frames but found 262144",
  );
});
