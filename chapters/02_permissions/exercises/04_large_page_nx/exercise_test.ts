import { assertEquals } from "@std/assert";
import { isNoExecute } from "./exercise.ts";

const LARGE = 0x20_0000;
const PAGE = 0xc020_0000;
const END = PAGE + LARGE;

Deno.test("a page without text is NX", () => {
  const text = { start: 0xc010_0000, end: 0xc018_0000 };
  assertEquals(
    isNoExecute(PAGE, LARGE, text),
    true,
    "There is no text in this page: it may be NX",
  );
  assertEquals(
    isNoExecute(0xc000_0000, 0x10_0000, text),
    true,
    "The text begins after this page",
  );
});

Deno.test("a page that begins or ends with text is executable", () => {
  const begins = isNoExecute(PAGE, LARGE, { start: 0xc010_0000, end: PAGE + 0x1000 });
  assertEquals(
    begins,
    false,
    "The first bytes are text: the kernel would fault at its next instruction",
  );
  const ends = isNoExecute(PAGE, LARGE, { start: END - 0x1000, end: END + 0x1000 });
  assertEquals(ends, false, "The last bytes are text");
});

Deno.test("text in the middle of a page counts", () => {
  const middle = isNoExecute(PAGE, LARGE, {
    start: PAGE + 0x8_0000,
    end: PAGE + 0x9_0000,
  });
  assertEquals(
    middle,
    false,
    "The text lies wholly within the page: the two ends do not tell",
  );
});

Deno.test("a few bytes of text count", () => {
  const few = isNoExecute(PAGE, LARGE, { start: PAGE + 0x1010, end: PAGE + 0x1020 });
  assertEquals(
    few,
    false,
    "Sixteen bytes of text in the middle of a small page: one byte of text is enough",
  );
});

Deno.test("a page within the text is executable", () => {
  const within = isNoExecute(PAGE, LARGE, { start: PAGE - 0x1000, end: END + 0x1000 });
  assertEquals(
    within,
    false,
    "All of this page is text, though the text neither begins nor ends in it",
  );
});

Deno.test("the ends do not count", () => {
  const before = isNoExecute(PAGE, LARGE, { start: PAGE - LARGE, end: PAGE });
  assertEquals(
    before,
    true,
    "The text ends where the page begins: its end is the first byte that is not text",
  );
  const after = isNoExecute(PAGE, LARGE, { start: END, end: END + LARGE });
  assertEquals(
    after,
    true,
    "The page ends where the text begins: the byte after a page is not part of it",
  );
});

Deno.test("0x80000000 and the last address are no exceptions", () => {
  const below = 0x8000_0000 - LARGE;
  assertEquals(
    isNoExecute(below, LARGE, { start: below + 0x1000, end: 0x8000_1000 }),
    false,
    "The page ends at 0x80000000 and has text: as signed numbers its end is below it",
  );
  const top = 2 ** 32 - LARGE;
  assertEquals(
    isNoExecute(top, LARGE, { start: top + 0x1000, end: top + 0x2000 }),
    false,
    "The page ends where the addresses end, at 2 ** 32, and has text",
  );
});
