import { assertEquals } from "@std/assert";
import { VmiHost } from "../../../core/hosts/vmi.ts";
import { CPUS, Machine, PhysicalMemory } from "../../../core/mmu/mod.ts";

Deno.test("a directory that is announced brings its page tables with it, and no large page", () => {
  const machine = new Machine(CPUS.p6, new PhysicalMemory(2 ** 24));
  machine.memory.write(0x10, 0, 0x20_0067); // a page table in 0x200
  machine.memory.write(0x10, 1, 0x40_00e7); // a large page at 0x400
  machine.memory.write(0x10, 2, 0x60_0066); // not present
  const host = new VmiHost(machine);
  assertEquals(host.setPxE(0x10, 2), false);
  host.allocatePage(0x10, 2);
  assertEquals([host.setPxE(0x10, 2), host.setPxE(0x10, 1)], [true, false]);
  assertEquals([0x200, 0x400, 0x600].map((pfn) => host.setPxE(pfn, 1)), [true, false, false]);
  host.allocatePage(0x10, 1);
  assertEquals([host.setPxE(0x10, 1), host.hypercalls], [true, 9]);
});
