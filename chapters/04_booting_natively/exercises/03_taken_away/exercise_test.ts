import { assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import type { Write } from "@pagetable-init/textbook/boot";
import { takenAway } from "./exercise.ts";

/** Writes by hand: before, asked, stored. */
function writes(
  ...words: readonly (readonly [old: number, asked: number, stored: number])[]
): Write[] {
  return words.map(([old, asked, stored], at) => ({
    step: at + 1,
    op: "set_pte",
    pfn: 2,
    index: at,
    old: { lo: old, hi: 0 },
    asked: { lo: asked, hi: 0 },
    stored: { lo: stored, hi: 0 },
  }));
}

function traceOf(platform: string, strategy: string): Iterable<Write> {
  return boot({ platform, strategy, memory: "64M" }).trace;
}

Deno.test("a right that is gone is found", () => {
  const found = takenAway(
    writes([0x1007, 0x1003, 0x1003], [0x1003, 0x1001, 0x1001], [0x1003, 0, 0]),
  );
  assertEquals(found, [1, 2, 3], "US, RW and P were there before and are gone");
});

Deno.test("a page that is gone is found, whatever rights it had", () => {
  const found = takenAway(writes([0x1001, 0, 0], [0x1001, 0x1000, 0x1000]));
  assertEquals(
    found,
    [1, 2],
    "P is gone, though there was neither RW nor US: the TLB may still let reads through",
  );
});

Deno.test("a write is named by its own number", () => {
  const some = writes([0x1007, 0x1007, 0x1007], [0x1007, 0x1005, 0x1005])
    .map((write) => ({ ...write, step: write.step + 100 }));
  assertEquals(
    takenAway(some),
    [102],
    "The second of these writes is number 102: return step, not the place in the list",
  );
});

Deno.test("a right that is given is not", () => {
  const found = takenAway(writes([0x1001, 0x1003, 0x1003], [0x1003, 0x1007, 0x1007]));
  assertEquals(
    found,
    [],
    "Nothing was taken here, something was given: old and new differ, but the " +
      "other way round",
  );
});

Deno.test("what was absent had no rights", () => {
  const found = takenAway(writes([0x1006, 0x1001, 0x1001], [0x0002, 0, 0]));
  assertEquals(
    found,
    [],
    "The entry was absent, P was clear: its other bits were no rights, and the TLB " +
      "never held it",
  );
});

Deno.test("what counts is what the entry holds afterwards", () => {
  const refused = takenAway(writes([0x1003, 0x1001, 0x1003]));
  assertEquals(
    refused,
    [],
    "The write was refused, the entry is as before: look at stored, not at asked",
  );
  const filtered = takenAway(writes([0x1007, 0x1007, 0x1005]));
  assertEquals(
    filtered,
    [1],
    "The kernel asked for RW, but the entry has lost it: look at stored, not at asked",
  );
});

Deno.test("a 486 takes user mode's right from all that head.S mapped", () => {
  const found = takenAway(traceOf("native-486", "write-always"));
  const leaves = found.filter((step) => step <= 3072).length;
  assertEquals(
    leaves,
    3072,
    "The first 3,072 writes replace leaves of head.S, which had US",
  );
  assertEquals(
    found.length,
    3072 + 4,
    "And four writes clear entries: one of the fixmap, three of the low map",
  );
});

Deno.test("who keeps the template takes nothing", () => {
  const found = takenAway(traceOf("native-486", "keep-template"));
  assertEquals(
    found.length,
    4,
    "Only the fixmap's entry and three of the low map are cleared",
  );
});

Deno.test("under Xen tables are made read-only", () => {
  const trace = [...traceOf("xen-pae", "filter-set-pte")];
  const found = new Set(takenAway(trace));
  const hooks = trace.filter(({ op }) => op === "update_va_mapping");
  const message = "update_va_mapping takes RW away from each new table";
  assertEquals(
    hooks.every(({ step, old }) => found.has(step) === ((old.lo & 3) === 3)),
    true,
    message,
  );
});

Deno.test("a right that is taken counts, whatever is given with it", () => {
  const found = takenAway(writes([0x1003, 0x1005, 0x1005], [0x1005, 0x1003, 0x1003]));
  assertEquals(
    found,
    [1, 2],
    "One write took RW and gave US, the other took US and gave RW: each right counts " +
      "by itself",
  );
});

Deno.test("another frame with the same rights is not meant", () => {
  assertEquals(
    takenAway(writes([0x1003, 0x2003, 0x2003])),
    [],
    "The frame has changed and the rights have not: only P, RW and US are asked for",
  );
});
