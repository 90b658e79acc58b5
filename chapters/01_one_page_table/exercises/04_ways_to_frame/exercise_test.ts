import { assert, assertEquals } from "@std/assert";
import { PhysicalMemory } from "@pagetable-init/textbook";
import { waysToFrame } from "./exercise.ts";

const CR3 = 0x1000;
const hex = (ways: readonly number[]) => ways.map((way) => `0x${way.toString(16)}`);

/**
 * Frame 0x300 is mapped writable at 0x00405000 and 0xfffff000, and in five ways that do
 * not count.
 */
function memory(): PhysicalMemory {
  const it = new PhysicalMemory(2 ** 24);
  it.write(0x1, 1, 0x00002067);
  it.write(0x1, 2, 0x00003065); // read-only
  it.write(0x1, 3, 0x00004066); // not present
  it.write(0x1, 1023, 0x00005063);
  it.write(0x2, 5, 0x00300063);
  it.write(0x2, 6, 0x00300061); // read-only
  it.write(0x2, 7, 0x00300062); // not present
  it.write(0x2, 8, 0x00301063); // another frame
  it.write(0x2, 9, 0xfee00063); // a frame in the upper half of memory
  it.write(0x3, 0, 0x00300063); // under the read-only PDE
  it.write(0x4, 0, 0x00300063); // under the absent PDE
  it.write(0x5, 1023, 0x00300063);
  return it;
}

Deno.test("both ways are found, as addresses in order", () => {
  const ways = waysToFrame(memory(), CR3, 0x300);
  assert(
    ways.every((way) => way >= 0),
    "An address is negative: << is signed, multiply instead",
  );
  assert(
    ways.length > 0,
    "No way was found: look into the tables, the directory alone maps nothing",
  );
  assert(
    !hex(ways).includes("0x401406"),
    "An address is not an index: an entry of a table stands for 4,096 bytes",
  );
  assert(hex(ways).includes("0x405000"), "PDE 1 and PTE 5 lead there from 0x405000");
  assert(
    hex(ways).includes("0xfffff000"),
    "PDE 1023 and PTE 1023 lead there from 0xfffff000",
  );
});

Deno.test("a way counts only if both entries allow writing", () => {
  const ways = hex(waysToFrame(memory(), CR3, 0x300));
  assert(
    !ways.includes("0x406000"),
    "PTE 6 is read-only: the page leads there but cannot be written",
  );
  assert(
    !ways.includes("0x800000"),
    "PDE 2 is read-only: no entry below it can give that right back",
  );
});

Deno.test("an absent entry is no way", () => {
  const ways = hex(waysToFrame(memory(), CR3, 0x300));
  assert(
    !ways.includes("0x407000"),
    "PTE 7 is absent: what else is in it does not count",
  );
  assert(!ways.includes("0xc00000"), "PDE 3 is absent: its table is not in use");
});

Deno.test("those ways and no others", () => {
  const found = hex(waysToFrame(memory(), CR3, 0x300));
  const message = "Frame 0x300 can be written in two ways, by rising addresses";
  assertEquals(found, ["0x405000", "0xfffff000"], message);
  const other = hex(waysToFrame(memory(), CR3, 0x301));
  assertEquals(other, ["0x408000"], "PDE 1 and PTE 8 lead to frame 0x301");
  assertEquals(waysToFrame(memory(), CR3, 0x999), [], "Nothing leads to frame 0x999");
});

Deno.test("a frame in the upper half of memory is found", () => {
  const found = hex(waysToFrame(memory(), CR3, 0xfee00));
  const message =
    "PTE 9 leads to frame 0xfee00: >> makes a negative frame of it, >>> does not";
  assertEquals(found, ["0x409000"], message);
});

Deno.test("a directory that maps itself is a writable page table", () => {
  const it = memory();
  it.write(0x1, 1022, 0x00001063);
  const last = (1022 * 1024 + 1022) * 4096;
  assertEquals(
    hex(waysToFrame(it, CR3, 0x1)),
    hex([last]),
    "Through PDE 1022 the directory is its own table",
  );
});

Deno.test("every way of a table is found, user mode's too", () => {
  const it = memory();
  it.write(0x2, 10, 0x00300063);
  it.write(0x2, 11, 0x00300067);
  const found = hex(waysToFrame(it, CR3, 0x300));
  assert(
    found.includes("0x40a000"),
    "PTE 5 and PTE 10 of one table lead to frame 0x300: go on after the first",
  );
  assert(
    found.includes("0x40b000"),
    "PTE 11 has US and RW: US lets programs in and does not shut the kernel out",
  );
});

Deno.test("a table in the upper half of memory is read", () => {
  const it = new PhysicalMemory(2 ** 32);
  it.write(0x1, 1, 0x90002067);
  it.write(0x90002, 5, 0x00300063);
  let found = "";
  try {
    found = `${hex(waysToFrame(it, CR3, 0x300))}`;
  } catch (error) {
    found = `${error}`;
  }
  assertEquals(
    found,
    "0x405000",
    "PDE 1 leads to the table in frame 0x90002: >> makes a negative number of that",
  );
});

Deno.test("a way counts whether or not it was ever used", () => {
  const it = memory();
  it.write(0x2, 12, 0x00300003);
  it.write(0x1, 6, 0x00002003);
  const found = hex(waysToFrame(it, CR3, 0x300));
  assertEquals(
    found,
    ["0x405000", "0x40c000", "0x1805000", "0x180c000", "0xfffff000"],
    "P and RW decide, A and D do not; PDE 1 and PDE 6 lead to one table, which counts " +
      "twice; and the addresses rise",
  );
});
