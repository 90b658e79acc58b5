import { assert } from "@std/assert";
import type { SpecialRange } from "@pagetable-init/textbook/paravirt";
import { isUniform } from "./exercise.ts";

const display: SpecialRange = { first: 0xa0, end: 0xc0, property: "uncached" };

const hex = (pfn: number) => `0x${pfn.toString(16)}`;

/** Expects an answer for a stretch of pages; `why` is what to think about. */
function expectUniform(
  ranges: readonly SpecialRange[],
  first: number,
  pages: number,
  uniform: boolean,
  why: string,
): void {
  const list = ranges.map((it) =>
    `${hex(it.first)} to ${hex(it.end - 1)} ${it.property}`
  );
  const found = isUniform(ranges, first, pages);
  assert(
    found === uniform,
    `Pages ${hex(first)} to ${hex(first + pages - 1)}, special: ${
      list.join(", ") || "none"
    }. Expected ${uniform} but found ${found}. ${why}`,
  );
}

Deno.test("ordinary pages, and pages of one range, are uniform", () => {
  expectUniform([], 0, 1024, true, "With an empty list every stretch is uniform");
  expectUniform([display], 0x400, 1024, true, "A range elsewhere does not matter");
  expectUniform(
    [display],
    0xa0,
    0x20,
    true,
    "Thirty-two pages, all special in the same way: one answer",
  );
  expectUniform(
    [display, { first: 0x513, end: 0x519, property: "read-only" }],
    0xa0,
    0x20,
    true,
    "The answers for these pages count: what is elsewhere may have another property",
  );
  expectUniform(
    [display],
    0xc0,
    1024,
    true,
    "The page after the last of a range is ordinary: `end` is not in the range",
  );
});

Deno.test("a stretch with a border in it is not", () => {
  const last = "The last page of the stretch is ordinary, the first is special";
  expectUniform([display], 0xa0, 0x21, false, last);
  const first = "The first page of the stretch is ordinary, the last is special";
  expectUniform([display], 0x9f, 2, false, first);
});

Deno.test("the pages in the middle count", () => {
  expectUniform(
    [display],
    0,
    1024,
    false,
    "First and last page agree, but a display in the middle of a large page is still " +
      "a display",
  );
});

Deno.test("two ranges with one property are one answer", () => {
  const halves: SpecialRange[] = [{ ...display, end: 0xb0 }, { ...display, first: 0xb0 }];
  expectUniform(
    halves,
    0xa0,
    0x20,
    true,
    "Two ranges that touch and have the same property give the same answer for each page",
  );
  const apart: SpecialRange[] = [{ ...display, end: 0xb0 }, { ...display, first: 0xb1 }];
  expectUniform(apart, 0xa0, 0x20, false, "There is an ordinary page between them");
});

Deno.test("a page in two ranges is one page", () => {
  const lower: SpecialRange = { ...display, end: 0xb0 };
  expectUniform(
    [lower, lower],
    0xa0,
    0x20,
    false,
    "Two ranges may overlap, and a page in both is one page: pages 0xb0 to 0xbf are " +
      "ordinary",
  );
  expectUniform(
    [lower, { ...display, first: 0xa8 }],
    0xa0,
    0x20,
    true,
    "Two ranges may overlap: every page of the stretch is in one of them",
  );
});

Deno.test("two properties are two answers", () => {
  const mixed: SpecialRange[] = [
    { ...display, end: 0xb0 },
    { first: 0xb0, end: 0xc0, property: "read-only" },
  ];
  expectUniform(
    mixed,
    0xa0,
    0x20,
    false,
    "Special is not enough: uncached and read-only want different flags",
  );
});
