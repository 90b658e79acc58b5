import { assertEquals, assertThrows } from "@std/assert";
import { formatAddress, parseAddress, toLinear } from "../../../core/mmu/mod.ts";

const ACCEPTED: readonly (readonly [string, number, number])[] = [
  ["0", 0, 0],
  ["c0100000", 0, 0xc010_0000],
  ["0xC0100000", 0, 0xc010_0000],
  ["0Xffff_8880_0000_1000", 0xffff_8880, 0x1000],
  [" ffffffffffffffff ", 0xffff_ffff, 0xffff_ffff],
  ["1_0000_0000", 1, 0],
  ["0000000000000001", 0, 1],
];

for (const [text, hi, lo] of ACCEPTED) {
  Deno.test(`the address ${JSON.stringify(text)} is read`, () => {
    assertEquals(parseAddress(text), { hi, lo });
    assertEquals(toLinear(text), { hi, lo });
  });
}

for (const text of ["", " ", "0x", "_", "0x0x1", "g", "-1", "+1", "1.5", "1e3h", "00000000000000001", "c0 10", "٣"]) {
  Deno.test(`the text ${JSON.stringify(text)} is no address`, () => {
    assertThrows(
      () => parseAddress(text),
      RangeError,
      `Expected a hexadecimal address of at most 64 bits but found ${JSON.stringify(text)}`,
    );
  });
}

Deno.test("a number is an address from 0 to 2^53 - 1", () => {
  assertEquals(toLinear(2 ** 53 - 1), { hi: 0x1f_ffff, lo: 0xffff_ffff });
  assertEquals(toLinear(0x1_2345_6789), { hi: 1, lo: 0x2345_6789 });
  for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(() => toLinear(value), RangeError, `Expected an address of 0 to 2^53 - 1 but found ${value}`);
  }
});

Deno.test("two words are taken as they are, signed or not", () => {
  assertEquals(toLinear({ hi: -1, lo: -4096 }), { hi: 0xffff_ffff, lo: 0xffff_f000 });
});

Deno.test("an address is written with 8 digits, or 16 if it needs them, and reads back", () => {
  assertEquals(formatAddress(0), "0x00000000");
  assertEquals(formatAddress(0xc010_0000), "0xc0100000");
  assertEquals(formatAddress({ hi: 1, lo: 2 }), "0x0000000100000002");
  for (const { hi, lo } of [{ hi: 0xffff_8880, lo: 0 }, { hi: 0, lo: 1 }, { hi: 0x1f_ffff, lo: 0xffff_ffff }]) {
    assertEquals(parseAddress(formatAddress({ hi, lo })), { hi, lo });
  }
});
