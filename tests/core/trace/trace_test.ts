import { assertEquals, assertThrows } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { TraceWriter } from "../../../core/trace/writer.ts";

const OPS = ["set_pte", "pte_clear", "set_pmd", "set_pud", "update_va_mapping", "memset"];

/** A trace of some writes, each with its own words. */
function traceOf(writes: number): TraceWriter {
  const trace = new TraceWriter();
  for (let i = 1; i <= writes; i++) {
    trace.record("set_pte", i, i % 1024, -i, i, -i - 1, i + 1);
    trace.stored(-i - 2, i + 2);
  }
  return trace;
}

Deno.test("a write is told by its number with the entry before, the entry asked for and the entry stored, all unsigned", () => {
  const trace = new TraceWriter();
  trace.record("set_pmd", 0x512, 7, 0x8000_0000, 0x1061, -2, 0xfff_fff3);
  trace.stored(-3, 0xffff_fff1);
  assertEquals(trace.at(1), {
    step: 1,
    op: "set_pmd",
    pfn: 0x512,
    index: 7,
    old: { hi: 0x8000_0000, lo: 0x1061 },
    asked: { hi: 0xffff_fffe, lo: 0xfff_fff3 },
    stored: { hi: 0xffff_fffd, lo: 0xffff_fff1 },
  });
});

Deno.test("a write that was refused leaves the entry as it was, in both words", () => {
  const trace = new TraceWriter();
  trace.record("set_pte", 1, 2, 3, 4, 5, 6);
  assertEquals(trace.at(1).stored, { hi: 3, lo: 4 });
});

Deno.test("every operation keeps its name", () => {
  const trace = new TraceWriter();
  for (const op of OPS) trace.record(op, 0, 0, 0, 0, 0, 0);
  assertEquals([...trace].map(({ op }) => op), OPS);
  assertThrows(() => trace.record("set_pgd", 0, 0, 0, 0, 0, 0), TypeError, "set_pgd");
});

Deno.test("steps count from 1 to the length, and no other number is one", () => {
  const trace = traceOf(3);
  assertEquals([trace.at(1).pfn, trace.at(3).pfn, trace.length], [1, 3, 3]);
  for (const step of [0, -1, 4, 1.5, NaN]) assertThrows(() => trace.at(step), RangeError, "Expected a step of 1 to 3");
});

Deno.test("a trace that grows keeps all writes, and completing one changes no other", () => {
  const writes = 1_000;
  const found = [...traceOf(writes)];
  assertEquals(found.length, writes);
  for (const [at, { step, pfn, index, stored }] of found.entries()) {
    assertEquals([step, pfn, index, stored.lo, stored.hi], [at + 1, at + 1, (at + 1) % 1024, at + 3, 2 ** 32 - at - 3]);
  }
});

Deno.test("the first writes are a trace of their own: it does not see what is added later", () => {
  const trace = traceOf(5);
  const prefix = trace.prefix(2);
  assertEquals([...prefix], [...trace].slice(0, 2));
  trace.record("pte_clear", 8, 8, 8, 8, 8, 8);
  trace.stored(9, 9);
  assertEquals([prefix.length, trace.at(6).op], [2, "pte_clear"]);
  assertEquals(trace.prefix(100).length, 6);
});

Deno.test("an operation that no trace knows is refused, and nothing of it is recorded", () => {
  const { kernel, trace } = boot({ platform: "native-486", strategy: "write-always", memory: "16M" });
  const { length } = trace;
  assertThrows(() => kernel.recorded("set_pet", 0xc048_0000, 0, 0, () => {}), TypeError, "did you mean set_pte?");
  assertEquals(trace.length, length);
});
