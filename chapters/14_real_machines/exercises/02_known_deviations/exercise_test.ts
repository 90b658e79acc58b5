import { assert, assertEquals } from "@std/assert";
import { type Answer, normalised } from "./exercise.ts";

const ENTRIES = [0x21_1003, 0x21_2003, 0x30_1001];
const answer = (code: number, entries: readonly number[] = ENTRIES): Answer => ({
  code,
  entries,
});
const withA = (...marked: number[]) =>
  ENTRIES.map((entry, at) => marked.includes(at) ? entry | 0x20 : entry);

Deno.test("what is the same stays the same", () => {
  assertEquals(normalised(answer(3), answer(3)), answer(3));
  assertEquals(normalised(answer(9, withA(0)), answer(9, withA(0))), answer(9, withA(0)));
});

Deno.test("a code with RSVD gets its P back", () => {
  assertEquals(
    normalised(answer(9), answer(8)).code,
    9,
    "8 is RSVD without P: known, and to be taken out",
  );
  assertEquals(normalised(answer(0xf), answer(0xe)).code, 0xf);
});

Deno.test("A of upper entries is taken out", () => {
  assertEquals(
    normalised(answer(3), answer(3, withA(0, 1))),
    answer(3),
    "A in entries above the last is known, and to be taken out",
  );
});

Deno.test("both at once", () => {
  assertEquals(normalised(answer(9), answer(8, withA(1))), answer(9));
});

Deno.test("another code is a difference", () => {
  const { code } = normalised(answer(3), answer(2));
  assert(code !== 3, "A real difference is hidden: 2 for 3 has nothing to do with RSVD");
  assert(
    normalised(answer(1), answer(8)).code !== 1,
    "A real difference is hidden: with P it is 9, and ours says 1",
  );
});

Deno.test("A in the last entry is a difference", () => {
  const { entries } = normalised(answer(3), answer(3, withA(2)));
  assertEquals(
    entries[2],
    0x30_1021,
    "A real difference is hidden: A in the last entry is not known of a fault",
  );
});

Deno.test("A that ours has, too, is no deviation", () => {
  const before = withA(0, 1);
  assertEquals(
    normalised(answer(3, before), answer(3, before)).entries,
    before,
    "Where ours has A as well it was there before the access: it must stay",
  );
});

Deno.test("A that is missing is a difference", () => {
  assertEquals(
    normalised(answer(3, withA(0)), answer(3)).entries,
    ENTRIES,
    "A real difference is hidden: theirs lacks A",
  );
});

Deno.test("an entry with another frame is a difference, with or without A", () => {
  const other = [0x99_9023, ...ENTRIES.slice(1)];
  const { entries } = normalised(answer(3), answer(3, other));
  assert(
    entries[0] !== ENTRIES[0],
    "A real difference is hidden: that entry leads to another frame",
  );
});
