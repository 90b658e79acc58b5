import { assertEquals } from "@std/assert";
import { CPUS, Machine, makeEntry, PhysicalMemory } from "../../../core/mmu/mod.ts";

const TABLE = 0x067;

Deno.test("tables at 2^48 and above are walked where they are, not 2^48 below", () => {
  const memory = new PhysicalMemory(2 ** 52);
  const put = (frame: number, pfn: number) => {
    const { lo, hi } = makeEntry(pfn, TABLE);
    memory.write(frame, 0, lo);
    memory.write(frame, 1, hi);
  };
  const far = 2 ** 36;
  put(1, far + 2);
  for (const [base, page] of [[far, 0x7777], [0, 0x1111]] as const) {
    put(base + 2, base + 3);
    put(base + 3, base + 4);
    put(base + 4, page);
  }
  const machine = new Machine(CPUS.today, memory);
  machine.writeCr4(0x20);
  machine.writeEfer(0x100);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x8001_0011);
  assertEquals(machine.translate(0, 0, 0), 0x7777);
});
