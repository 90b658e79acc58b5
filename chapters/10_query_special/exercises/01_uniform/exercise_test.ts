import { assert, assertEquals } from "@std/assert";
import type { SpecialRange } from "@pagetable-init/textbook/paravirt";
import { isUniform } from "./exercise.ts";

const display: SpecialRange = { first: 0xa0, end: 0xc0, property: "uncached" };

Deno.test("ordinary pages, and pages of one range, are uniform", () => {
  assert(isUniform([], 0, 1024), "With an empty list every stretch is uniform");
  assert(isUniform([display], 0x400, 1024), "A range elsewhere does not matter");
  assert(
    isUniform([display], 0xa0, 0x20),
    "Thirty-two pages, all special in the same way: one answer",
  );
  assert(
    isUniform([display], 0xc0, 1024),
    "The page after the last of a range is ordinary: `end` is not in the range",
  );
});

Deno.test("a stretch with a border in it is not", () => {
  assert(
    !isUniform([display], 0xa0, 0x21),
    "The last page of the stretch is ordinary, the first is special",
  );
  assert(
    !isUniform([display], 0x9f, 2),
    "The first page of the stretch is ordinary, the last is special",
  );
});

Deno.test("the pages in the middle count", () => {
  assert(
    !isUniform([display], 0, 1024),
    "First and last page agree, but a display in the middle of a large page is " +
      "still a display",
  );
});

Deno.test("two ranges with one property are one answer", () => {
  const halves: SpecialRange[] = [{ ...display, end: 0xb0 }, { ...display, first: 0xb0 }];
  assert(
    isUniform(halves, 0xa0, 0x20),
    "Two ranges that touch and have the same property give the same answer for each page",
  );
  assert(
    !isUniform([{ ...display, end: 0xb0 }, { ...display, first: 0xb1 }], 0xa0, 0x20),
    "There is an ordinary page between them",
  );
});

Deno.test("two properties are two answers", () => {
  const mixed: SpecialRange[] = [{ ...display, end: 0xb0 }, {
    first: 0xb0,
    end: 0xc0,
    property: "read-only",
  }];
  assertEquals(
    isUniform(mixed, 0xa0, 0x20),
    false,
    "Special is not enough: uncached and read-only want different flags",
  );
});
