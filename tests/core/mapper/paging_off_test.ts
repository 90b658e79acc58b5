import { assertEquals } from "@std/assert";
import { FramePool, mapPage, protect, unmapPage, writeEntry } from "../../../core/mapper/mod.ts";
import { CPUS, Machine, makeEntry, NX, P, PhysicalMemory, RW, US } from "../../../core/mmu/mod.ts";
import { machineIn, ROOT } from "../mmu/machines.ts";

const AT = 0x4000_0000;

Deno.test("before paging is on no translation can be kept: a page is mapped, protected and unmapped without a flush", () => {
  const machine = new Machine(CPUS.p6, new PhysicalMemory(2 ** 24));
  machine.writeCr3(0x1000);
  const kinds = [
    mapPage(machine, AT, { frame: 0x55, flags: P | RW }, new FramePool(0x100, 0x110)),
    protect(machine, AT, P),
    unmapPage(machine, AT),
  ].map((done) => done.ok && done.due.kind);
  assertEquals(kinds, ["nothing", "nothing", "nothing"]);
});

Deno.test("protect refuses a flag that the CPU reserves, and one that a table above denies, and changes nothing", () => {
  const machine = machineIn("4-level");
  mapPage(machine, 0x1000, { frame: 0x55, flags: P }, new FramePool(0x100, 0x110));
  const kindOf = (flags: number) => {
    const before = machine.memory.words.slice();
    const done = protect(machine, 0x1000, flags);
    assertEquals(machine.memory.words, before);
    return done.ok ? "ok" : done.kind;
  };
  assertEquals(kindOf(P | NX), "reserved-bits");
  writeEntry(machine, ROOT + 1, 0, makeEntry(ROOT + 2, P));
  assertEquals([kindOf(P | RW), kindOf(P | US)], ["parent-denies", "parent-denies"]);
});

Deno.test("a root beyond memory is named: CR3 leads there", () => {
  const machine = new Machine(CPUS.p6, new PhysicalMemory(2 ** 24));
  machine.writeCr3(0x0100_0000);
  const done = mapPage(machine, AT, { frame: 0x55, flags: P }, new FramePool(0x100, 0x110));
  assertEquals([!done.ok && done.kind, !done.ok && done.message], [
    "no-memory",
    "Expected a table in a frame below 0x1000 but found 0x1000: CR3",
  ]);
});
