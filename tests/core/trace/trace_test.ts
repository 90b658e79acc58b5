import { assertEquals, assertThrows } from "@std/assert";
import { Trace } from "@pagetable-init/textbook/boot";

Deno.test("a trace takes words as a kernel has them, shows them unsigned, and refuses an index that no table has", () => {
  const trace = new Trace();
  trace.record("set_pte", 0x10, 1023, 0, -1, -1, 0x8000_0001);
  trace.stored(0, -2);
  const { old, asked, stored } = trace.at(1);
  assertEquals([old, asked, stored], [
    { lo: 0xffff_ffff, hi: 0 },
    { lo: 0x8000_0001, hi: 0xffff_ffff },
    { lo: 0xffff_fffe, hi: 0 },
  ]);
  assertThrows(() => trace.record("set_pte", 0x10, 1024, 0, 0, 0, 0), RangeError, "from 0 to 1023 but found 1024");
  assertEquals(trace.length, 1);
});
