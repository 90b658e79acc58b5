import { assertEquals } from "@std/assert";
import type { SpecialRange } from "@pagetable-init/textbook/paravirt";
import { reserve } from "./exercise.ts";

const display: SpecialRange = { first: 0xa0, end: 0xc0, property: "uncached" };
const tables: SpecialRange = { first: 0x513, end: 0x519, property: "read-only" };

/** A list in words, or that there is none. */
function shown(ranges: readonly SpecialRange[] | undefined): string {
  const words = ranges?.map(({ first, end, property }) =>
    `0x${first.toString(16)} to 0x${(end - 1).toString(16)} ${property}`
  );
  return words?.join(", ") ?? "refused";
}

/** The properties that the ranges give to a page, one for each range that it is in. */
function answers(
  ranges: readonly SpecialRange[] | undefined,
  pfn: number,
): string[] | undefined {
  return ranges?.filter(({ first, end }) => pfn >= first && pfn < end).map((
    { property },
  ) => property);
}

Deno.test("a range of ordinary pages is added, and the others stay", () => {
  const list = reserve(reserve([], display) ?? [], tables);
  assertEquals(
    answers(list, 0xb8),
    ["uncached"],
    "The first range must still be in the list",
  );
  assertEquals(
    answers(list, 0x518),
    ["read-only"],
    "The new range must be in the list, to its last page",
  );
  assertEquals(
    answers(list, 0x519),
    [],
    "The page after the last is ordinary: `end` is not in the range",
  );
});

Deno.test("a page that is special in another way is refused", () => {
  const other = (first: number, end: number): SpecialRange => ({
    first,
    end,
    property: "read-only",
  });
  assertEquals(
    shown(reserve([display], other(0xbf, 0xd0))),
    "refused",
    "Page 0xbf is uncached already",
  );
  assertEquals(
    shown(reserve([display], other(0x90, 0xa1))),
    "refused",
    "Page 0xa0 is uncached already",
  );
  assertEquals(
    shown(reserve([display], other(0xb0, 0xb1))),
    "refused",
    "Page 0xb0 is uncached already, between both ends",
  );
  assertEquals(
    shown(reserve([display], other(0, 0x400))),
    "refused",
    "Both ends of the new range are ordinary, but there are special pages between them",
  );
  for (const list of [[display, tables], [tables, display]]) {
    assertEquals(
      shown(reserve(list, { first: 0xb0, end: 0x514, property: "uncached" })),
      "refused",
      "Page 0x513 is read-only already: every range that overlaps counts, not one alone",
    );
  }
});

Deno.test("ranges that only touch do not disagree", () => {
  const above: SpecialRange = { first: 0xc0, end: 0xc8, property: "read-only" };
  const below: SpecialRange = { first: 0x90, end: 0xa0, property: "read-only" };
  const list = reserve(reserve([display], above) ?? [], below);
  assertEquals(
    answers(list, 0xc0),
    ["read-only"],
    "A range may begin where another ends: no page is in both",
  );
  assertEquals(
    answers(list, 0x9f),
    ["read-only"],
    "A range may end where another begins: no page is in both",
  );
});

Deno.test("the same property again is granted, each page in one range", () => {
  const middle: SpecialRange = { first: 0xb0, end: 0xd0, property: "uncached" };
  const apart: SpecialRange = { first: 0xc8, end: 0xe0, property: "uncached" };
  const list = reserve([display, tables, apart], middle);
  for (const pfn of [0xa0, 0xb0, 0xbf, 0xc4, 0xc8, 0xdf]) {
    assertEquals(
      answers(list, pfn),
      ["uncached"],
      `Page 0x${pfn.toString(16)}: Each page must be in one range, also where ranges ` +
        "overlap",
    );
  }
  assertEquals(
    list?.length,
    2,
    `Three ranges overlap and are to become one, beside the tables: ${shown(list)}`
      .slice(0, 200),
  );
  assertEquals(
    answers(list, 0x513),
    ["read-only"],
    "A range that has nothing to do with it must stay",
  );
  assertEquals(
    answers(reserve([display], { ...display, first: 0xb0, end: 0xb8 }), 0xa0),
    ["uncached"],
    "A page that was special stays so",
  );
});

Deno.test("ranges with nothing between them but the property stay two", () => {
  const above: SpecialRange = { ...display, first: 0x400, end: 0x800 };
  const list = reserve([display], above);
  assertEquals(answers(list, 0x400), ["uncached"], "The new range must be in the list");
  assertEquals(
    answers(list, 0x200),
    [],
    "Page 0x200 lies between two ranges of one property and in neither: it is ordinary",
  );
});

Deno.test("the old list stays as it is", () => {
  const list = [display];
  reserve(list, tables);
  reserve(list, { ...display, end: 0xd0 });
  assertEquals(
    shown(list),
    "0xa0 to 0xbf uncached",
    "Make a new list; others may hold the old one",
  );
});
