import { assert, assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { typeWord } from "./exercise.ts";

const hex = (value: number) => `0x${value.toString(16)}`;

Deno.test("the digits are hexadecimal", () => {
  assertEquals(
    typeWord("20000010").uses,
    16,
    "The digits are hexadecimal: 10 there is 16 uses",
  );
});

Deno.test("the type is in the top three bits", () => {
  for (
    const [text, type] of [["28000001", 1], ["4c000001", 2], ["78000002", 3]] as const
  ) {
    assertEquals(typeWord(text).type, type, `${text} is a table of level ${type}`);
  }
  assert(
    typeWord("e8000001").type >= 0,
    "The type came out negative: >> keeps the sign of a 32-bit number, >>> does not",
  );
  assertEquals(typeWord("e8000001").type, 7, "e8000001 is a writable page");
});

Deno.test("the uses are what is left below the flags", () => {
  assertEquals(
    typeWord("4c000001").uses,
    1,
    "A flag was counted as uses: the count ends at bit 15",
  );
  for (const uses of [0x203, 0x1203, 0xffff]) {
    assertEquals(
      hex(typeWord(`e800${uses.toString(16).padStart(4, "0")}`).uses),
      hex(uses),
      "The count was cut off: it has sixteen bits, 0 to 15",
    );
  }
  assertEquals(
    hex(typeWord("e8010003").uses),
    "0x3",
    "A bit of 16 to 25 was counted: the count ends at bit 15",
  );
});

Deno.test("the three flags are told apart", () => {
  const flagsOf = (text: string) => {
    const { pinned, validated, xenL2 } = typeWord(text);
    return [pinned, validated, xenL2];
  };
  assertEquals(
    flagsOf("78000002"),
    [true, true, false],
    "78000002 is pinned and validated",
  );
  assertEquals(
    flagsOf("4c000001"),
    [false, true, true],
    "4c000001 is validated and has Xen's entries",
  );
  assertEquals(
    flagsOf("e0000000"),
    [false, false, false],
    "e0000000 is a bare type, as Xen prints what it expected",
  );
});

Deno.test("the last words of a domain can be read", () => {
  const { log } = boot({ platform: "xen-pae", strategy: "write-always", memory: "16M" });
  const [, saw = "", expected = ""] = /saw (\w+) != exp (\w+)/.exec(log[0] ?? "") ?? [];
  assertEquals(
    typeWord(saw),
    { type: 2, pinned: false, validated: true, xenL2: true, uses: 1 },
    `Xen saw ${saw}: an L2, validated, with Xen's own entries, in use once`,
  );
  assertEquals(typeWord(expected).type, 7, `Xen expected ${expected}: a writable page`);
});

Deno.test("no flag follows from the type or the uses", () => {
  const flagsOf = (text: string) => {
    const { pinned, validated, xenL2 } = typeWord(text);
    return [pinned, validated, xenL2];
  };
  assertEquals(
    flagsOf("48000001"),
    [false, true, false],
    "48000001 is an L2 without Xen's entries: bit 26 says that, not the type",
  );
  assertEquals(
    flagsOf("28000000"),
    [false, true, false],
    "28000000 is validated and has no use: bit 27 says that, not the count",
  );
  assertEquals(
    flagsOf("20000001"),
    [false, false, false],
    "20000001 has a use and is not validated yet: bit 27 says that, not the count",
  );
  assertEquals(
    flagsOf("44000001"),
    [false, false, true],
    "44000001 has Xen's entries and is not validated yet: each flag is a bit by itself",
  );
});
