import { assertEquals } from "@std/assert";
import { boot, type Strategy } from "@pagetable-init/textbook";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { pageRanges, tablesOf } from "@pagetable-init/textbook/tables";
import { headTables } from "./exercise.ts";

/** What the library's head.S builds: a boot that is stopped before its first write. */
function built(kernelEnd: number, beyond: number): number {
  const base = findStrategy("write-always");
  const initMapBeyondEnd = { 1: beyond * 4096, 2: beyond * 4096 };
  const strategy: Strategy = { ...base, release: { ...base.release, initMapBeyondEnd } };
  const options = {
    platform: "native-486",
    strategy,
    memory: "64M",
    kernelEnd: kernelEnd * 4096,
    until: 0,
  } as const;
  return (pageRanges(tablesOf(boot(options).machine))[0]?.pages ?? 0) / 1024;
}

Deno.test("a small kernel takes as many tables as its size says", () => {
  assertEquals(
    headTables(0x500, 0x20),
    2,
    "1,280 pages of kernel and 32 beyond: two tables map 2,048",
  );
  assertEquals(
    headTables(0x500, 0x424),
    3,
    "1,280 pages of kernel and 1,060 beyond: three tables map 3,072",
  );
});

Deno.test("the tables themselves are mapped", () => {
  const message =
    "The tables lie behind the kernel and must be covered by the map: they are " +
    "memory too";
  assertEquals(headTables(2046, 0), 2, message);
  assertEquals(headTables(2047, 0), 3, message);
  assertEquals(headTables(1023 - 0x20, 0x20), 1, message);
  assertEquals(headTables(1024 - 0x20, 0x20), 2, message);
});

Deno.test("a map that just covers everything is enough", () => {
  assertEquals(
    headTables(2014, 0x20),
    2,
    "Two tables map 2,048 pages: kernel 2,014, tables 2, beyond 32. No third is needed",
  );
});

Deno.test("every kernel gets what head.S builds", () => {
  for (const beyond of [0, 0x20, 0x424, 0x828]) {
    for (
      const kernelEnd of [
        0x200,
        0x3de,
        0x3df,
        0x3e0,
        0x500,
        0x7dd,
        0x7de,
        0x7df,
        0xfff,
        0x1000,
      ]
    ) {
      const words = `A kernel up to page 0x${kernelEnd.toString(16)} and 0x${
        beyond.toString(16)
      } pages beyond: count the tables that head.S makes, one by one`;
      assertEquals(headTables(kernelEnd, beyond), built(kernelEnd, beyond), words);
    }
  }
});
