import { assert, assertEquals } from "@std/assert";
import { addressesOf } from "./exercise.ts";

const MIB = 1024 * 1024;
const hex = (addresses: readonly number[]) =>
  addresses.map((address) => `0x${address.toString(16)}`).join(", ");

/** At most ten addresses: a loop that has missed its end would go on for ever. */
function firstTen(start: number, end: number, step: number): number[] {
  const found: number[] = [];
  for (const address of addressesOf(start, end, step)) {
    if (found.push(address) === 10) break;
  }
  return found;
}

Deno.test("a range in the middle ends before its end", () => {
  const found = firstTen(0xc0000000, 0xc0c00000, 4 * MIB);
  assertEquals(
    hex(found),
    hex([0xc0000000, 0xc0400000, 0xc0800000]),
    "The end itself is not part of the range",
  );
});

Deno.test("an empty range has no address", () => {
  assertEquals(
    firstTen(0xc0000000, 0xc0000000, 4 * MIB),
    [],
    "Start and end are the same: there is nothing to do",
  );
});

Deno.test("a range that ends at 0 goes up to the last address", () => {
  const found = firstTen(0xff800000, 0, 4 * MIB);
  assert(
    found.length > 0,
    "An end of 0 is not below the start, it is beyond the last address: < does not " +
      "see that",
  );
  assert(
    found.every((address) => address >= 0),
    "An address is never negative: | and & give signed numbers, >>> does not",
  );
  assert(
    found.every((address) => address < 2 ** 32),
    "0x100000000 is no 32-bit address: JavaScript's numbers do not wrap by themselves",
  );
  assertEquals(
    hex(found),
    hex([0xff800000, 0xffc00000]),
    "The range ends with the last address of 32 bits",
  );
});

Deno.test("Xen's fixmap ends below the end", () => {
  const found = firstTen(0xf5400000, 0xf5800000, 2 * MIB);
  assert(
    found.every((address) => address >= 0),
    "An address is never negative: | and & give signed numbers, >>> does not",
  );
  assertEquals(
    hex(found),
    hex([0xf5400000, 0xf5600000]),
    "Under Xen the top is Xen's: nothing must be made from the end on",
  );
});

Deno.test("all ranges up to the last address have all their addresses", () => {
  for (const step of [4096, 2 * MIB, 4 * MIB]) {
    for (const count of [1, 2, 7]) {
      const start = 2 ** 32 - count * step;
      const expected = Array.from({ length: count }, (_, at) => start + at * step);
      assertEquals(
        hex(firstTen(start, 0, step)),
        hex(expected),
        `From 0x${start.toString(16)} to the end in steps of 0x${step.toString(16)}: ` +
          "every address once, and the last one too",
      );
    }
  }
});

Deno.test("0x80000000 is an address like any other", () => {
  assertEquals(
    hex(firstTen(0x7fc00000, 0x80800000, 4 * MIB)),
    hex([0x7fc00000, 0x80000000, 0x80400000]),
    "The range goes past 0x80000000: as signed numbers its end is below its start",
  );
  assertEquals(
    hex(firstTen(0, 0x00800000, 4 * MIB)),
    hex([0, 0x00400000]),
    "A range may begin at 0: only an end of 0 is beyond the last address",
  );
});
