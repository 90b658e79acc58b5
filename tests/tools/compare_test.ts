import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readState } from "../../chapters/recorded/files/state.ts";
import { CPUS, Machine, PhysicalMemory } from "../../mod.ts";
import { compareStates, comparisonJson, comparisonText } from "../../tools/states/compare.ts";

/** A machine with one table of 4K pages at 0, and more entries. */
function machine(entries: readonly (readonly [index: number, entry: number])[], cr4 = 0): Machine {
  const made = new Machine(CPUS.p6, new PhysicalMemory(1 << 24));
  made.memory.write(1, 0, 0x2007);
  for (const [index, entry] of entries) made.memory.write(2, index, entry);
  made.writeCr4(cr4);
  made.writeCr3(0x1000);
  made.writeCr0(0x8001_0011);
  return made;
}

const before = machine([[0, 0x10003], [1, 0x11003], [2, 0x12003], [3, 0x13003], [4, 0x14003], [5, 0x15003]]);

Deno.test("what appeared, went, moved and changed its rights is told by address, neighbours together", () => {
  const after = machine([[1, 0x11001], [2, 0x12001], [3, 0x99003], [4, 0x14003], [5, 0x15003], [9, 0x19003]]);
  const { changes, tablesGained, tablesLost } = compareStates(before, after);
  assertEquals(changes.map(({ kind, page, pages, before, after }) => [kind, page, pages, before, after]), [
    ["gone", 0, 1, "-rwx", ""],
    ["rights", 1, 2, "-rwx", "-r-x"],
    ["moved", 3, 1, "-rwx", "-rwx"],
    ["appeared", 9, 1, "", "-rwx"],
  ]);
  assertEquals([tablesGained, tablesLost], [[], []]);
});

Deno.test("flags that change no right are a change of their own, and accessed and dirty bits are none", () => {
  const flagged = machine([[0, 0x1001b], [1, 0x11063], [2, 0x12003], [3, 0x13003], [4, 0x14003], [5, 0x15003]]);
  assertEquals(compareStates(before, flagged).changes.map(({ kind, page }) => [kind, page]), [["flags", 0]]);
});

Deno.test("tables gained and lost are told by frame", () => {
  const after = machine([]);
  after.memory.write(1, 0, 0);
  after.memory.write(1, 768, 0x3003);
  after.memory.write(3, 0, 0x10003);
  const compared = compareStates(before, after);
  assertEquals([compared.tablesGained, compared.tablesLost], [[3], [2]]);
  assertStringIncludes(comparisonText(compared), "page tables gained  1: 0x3");
  assertEquals((comparisonJson(compared) as { changes: unknown[] }).changes.length, compared.changes.length);
});

Deno.test("a state is equal to itself, and states of two paging modes are not compared", () => {
  assertStringIncludes(comparisonText(compareStates(before, before)), "no address changed");
  const off = new Machine(CPUS.p6, new PhysicalMemory(1 << 24));
  assertThrows(() => compareStates(before, off), RangeError, "two states of one paging mode");
});

Deno.test("regions that moved, grew, came or went are told by name", async () => {
  const state = async (path: string) => (await readState(`tests/fixtures/${path}.json`)).machine;
  const [one, other] = [await state("kernels/linux61-amd64-4level"), await state("states/pkey")];
  const { regions } = compareStates(one, other);
  const direct = regions.find(({ name }) => name === "direct map");
  assertEquals([direct?.kind, direct?.before?.first.hi, direct?.after?.first.hi], ["moved", 0xffff8880, 0xffff8d02]);
  assertEquals(regions.some(({ name }) => name === "cpu entry area"), false); // it never moves
  assertEquals(compareStates(one, one).regions, []);
  assertStringIncludes(
    comparisonText(compareStates(one, other)),
    "direct map   moved         131040  131040  0xffff8d0280000000",
  );
  const grown = compareStates(machine([[0, 0x10003]]), machine([[0, 0x10003], [1, 0x12003]]));
  assertEquals(grown.regions.map(({ kind, name }) => [kind, name]), [["grown", "user half"]]);
});
